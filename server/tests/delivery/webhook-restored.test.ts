import { expect, test } from 'vitest'
import { migrate } from '../../src/storage/migrate.ts'
import { openWebhookDesk, wordsOf, type WebhookDesk } from './webhook-desk.ts'

const SAID = { events: ['message.queued'] }

/** As if the database came from a cluster that had given far more transaction ids, and was started here. */
async function restore({ house }: WebhookDesk): Promise<void> {
  const far = (column: string) => `${column} = (${column}::text::bigint + 1000000)::text::xid8`
  await house.sql(`update event set ${far('transaction_id')}`)
  await house.sql(`update webhook set ${far('after_transaction_id')}`)
  await house.sql(`update installation set identity = 'elsewhere'`)
  await migrate(house.databaseUrl)
}

test('in a database restored elsewhere webhooks go on where they were', async () => {
  await using desk = await openWebhookDesk()
  const { house, sink, subscribe, say } = desk
  await subscribe(SAID)
  await say('told before')
  await house.settle()
  await say('not told yet')
  await restore(desk)
  await say('told after')
  await house.settle()
  expect(wordsOf(sink.received)).toEqual(['told before', 'not told yet', 'told after'])
  await restore(desk)
  await say('and on')
  await house.settle()
  expect(wordsOf(sink.received).slice(3)).toEqual(['and on'])
})

test('what was told out of the order of its number is told once, and what was not is told', async () => {
  await using desk = await openWebhookDesk()
  const { house, sink, subscribe, say } = desk
  await subscribe(SAID)
  for (const text of ['late', 'early']) await say(text)
  await house.settle()
  // The first was written down in the longer transaction: nobody has seen it yet.
  const told = sink.received.find(({ body }) => body.message.text === 'late')
  const key = String(told?.headers['webhook-id'])
  await house.sql('delete from webhook_delivery where event_key = $1', [key])
  await house.sql(
    `update event set transaction_id = (select max(transaction_id::text::bigint) + 1 from event)::text::xid8 where id = $1`,
    [Number(key.slice('evt_'.length))],
  )
  await restore(desk)
  await say('told after')
  await house.settle()
  expect(wordsOf(sink.received)).toEqual(['late', 'early', 'late', 'told after'])
})
