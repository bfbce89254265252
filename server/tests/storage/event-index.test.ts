import { EVERYWHERE } from '../../src/domain/permissions.ts'
import { Pool, type PoolClient } from 'pg'
import { expect, test } from 'vitest'
import { createConversationReader } from '../../src/storage/conversations.ts'
import { createDatabase } from '../../src/storage/database.ts'
import { createEventLog } from '../../src/storage/event-log.ts'
import { openHouse } from '../house.ts'

/** The plans of what is asked, as they are when no table may be read from end to end. */
async function plansOf(url: string, ask: (db: ReturnType<typeof createDatabase>) => Promise<unknown>) {
  const pool = new Pool({ connectionString: url, max: 1 })
  const asked: { text: string; values: unknown[] }[] = []
  const watch = (client: PoolClient) => ({
    query: (text: string, values: unknown[]) => {
      asked.push({ text, values })
      return client.query(text, values)
    },
    release: () => client.release(),
  })
  const watched = { connect: async () => watch(await pool.connect()), end: () => pool.end() }
  try {
    await ask(createDatabase(watched as unknown as Pool))
    await pool.query('set enable_seqscan = off')
    await pool.query('set enable_sort = off')
    const plans: string[] = []
    for (const { text, values } of asked) {
      const { rows } = await pool.query<Record<string, string>>(`explain ${text}`, values)
      plans.push(rows.map((row) => row['QUERY PLAN']).join('\n'))
    }
    return plans
  } finally {
    await pool.end()
  }
}

test('who had a conversation is read by the small index of assignments', async () => {
  await using house = await openHouse()
  const { id } = house.fixture.conversations[0]!
  const [plan] = await plansOf(house.databaseUrl, (db) =>
    createConversationReader(db, house.fixture.id, EVERYWHERE).participants(id),
  )
  expect(plan).toContain('event_conversation')
  const [index] = await house.sql<{ indexdef: string }>(
    `select indexdef from pg_indexes where indexname = 'event_conversation'`,
  )
  expect(index?.indexdef).toMatch(/WHERE .*conversation\.assigned.*conversation\.transferred/)
})

test('the log is read in the order of its index, from the cursor on', async () => {
  await using house = await openHouse()
  const [look] = await plansOf(house.databaseUrl, (db) =>
    createEventLog(db, house.fixture.id).look({ transactionId: 800, id: 5 }, 100),
  )
  expect(look).toMatch(
    /Limit.*\n *-> +Index Scan using event_order on event e.*\n *Index Cond: .*ROW\(transaction_id, id\) > /,
  )
  const [end] = await plansOf(house.databaseUrl, (db) => createEventLog(db, house.fixture.id).end())
  expect(end).toMatch(/Limit.*\n *-> +Index Scan Backward using event_order on event e/)
})
