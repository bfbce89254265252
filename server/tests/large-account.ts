import { Client } from 'pg'
import { loadConversations } from '../../bench/loading/load-conversations.ts'
import { BEGINNING } from './compose.ts'
import { openHouse, type TestHouse } from './house.ts'

/** A house whose first account has twenty thousand conversations more and five times as many messages: the same rows in every run. */
export async function openLargeHouse(conversations = 20_000): Promise<TestHouse> {
  const house = await openHouse()
  const client = new Client({ connectionString: house.databaseUrl })
  await client.connect()
  // Statistics of all rows and not of a sample: plans must not depend on luck.
  await client.query('set default_statistics_target = 1000')
  await loadConversations(client, {
    accountId: house.fixture.id,
    conversations,
    now: new Date(BEGINNING),
  })
  // As many events as a log of that size would hold: a small table is rightly read from end to end.
  await client.query(`insert into event (account_id, type, conversation_id, data, is_silent, created_at)
    select account_id, 'message.received', conversation_id, '{}', false, created_at from message`)
  await client.query('vacuum (analyze) event')
  await client.end()
  return house
}
