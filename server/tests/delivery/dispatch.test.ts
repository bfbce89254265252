import { expect, test } from 'vitest'
import type { CustomAppServer } from '../custom-app-server.ts'
import { openCustomAppServer } from '../custom-app-server.ts'
import type { TestHouse } from '../house.ts'
import { openHouse } from '../house.ts'

/** A house whose custom app has a webhook, and its conversation there. */
async function openDesk(app: CustomAppServer) {
  const house = await openHouse({ env: { PARLEY_FETCH_ALLOW: app.place } })
  const channel = house.fixture.channels.find(({ kind }) => kind === 'custom_app')!
  await house.sql('update channel set webhook_url = $1 where id = $2', [app.url, channel.id])
  const { number } = house.fixture.conversations.find(({ channelId }) => channelId === channel.id)!
  const say = async (words: string) => {
    const reply = await house.blingerApp.post('/conversations/send-message', {
      conversation_id: number,
      text: words,
    })
    expect(reply.status, reply.text).toBe(200)
  }
  return { house, channel, say }
}

async function statuses(house: TestHouse): Promise<string[]> {
  const rows = await house.sql<{ status: string }>(
    `select status from message where direction = 'outbound' order by conversation_id, seq`,
  )
  return rows.map(({ status }) => status)
}

test('an operator’s words reach the custom app, in order, under the channel’s token', async () => {
  await using app = await openCustomAppServer()
  const { house, channel, say } = await openDesk(app)
  await using _house = house
  for (const words of ['one', 'two', 'three']) await say(words)
  await house.settle()
  expect(app.received.map(({ body }) => body)).toEqual(
    ['one', 'two', 'three'].map((data) => ({
      custom_channel_id: 'harbour-reader-app',
      client_id: 'reader-77',
      type: 'text',
      data,
    })),
  )
  expect(new Set(app.received.map(({ authorization }) => authorization))).toEqual(
    new Set([`Bearer ${channel.token}`]),
  )
  expect(await statuses(house)).toEqual(['delivered', 'delivered', 'delivered'])
})

test('what failed is tried again, and nothing overtakes it', async () => {
  await using app = await openCustomAppServer()
  const { house, say } = await openDesk(app)
  await using _house = house
  app.answers.push(500, 503)
  await say('first')
  await house.settle()
  await say('second')
  await house.settle()
  expect(app.received.map(({ body }) => body.data)).toEqual(['first'])
  expect(await statuses(house)).toEqual(['pending', 'pending'])

  for (const _attempt of ['second', 'third']) {
    house.clock.advance(60_000)
    await house.hurry()
    await house.settle()
  }
  expect(app.received.map(({ body }) => body.data)).toEqual(['first', 'first', 'first', 'second'])
  expect(await statuses(house)).toEqual(['delivered', 'delivered'])
})

test('a final no fails the message and lets the next one pass', async () => {
  await using app = await openCustomAppServer()
  const { house, say } = await openDesk(app)
  await using _house = house
  app.answers.push(400)
  await say('refused')
  await say('welcome')
  await house.settle()
  expect(await statuses(house)).toEqual(['failed', 'delivered'])
})

test('after ten attempts a message has failed, with its reason', async () => {
  await using app = await openCustomAppServer()
  const { house, say } = await openDesk(app)
  await using _house = house
  app.answers.push(...Array.from({ length: 20 }, () => 500))
  await say('hopeless')
  for (let attempt = 0; attempt < 12; attempt += 1) {
    await house.settle()
    house.clock.advance(86_400_000)
    await house.hurry()
  }
  expect(app.received.length).toBe(11)
  const [row] = await house.sql<{ status: string; error: string }>(
    `select status, error from message where text = 'hopeless'`,
  )
  expect(row?.status).toBe('failed')
  expect(row?.error).toMatch(/\S/)
})

test('a custom app without a webhook leaves its messages sent; a sandbox reads them', async () => {
  await using house = await openHouse()
  for (const { number } of house.fixture.conversations)
    await house.blingerApp.post('/conversations/send-message', { conversation_id: number, text: 'Hello' })
  await house.settle()
  const rows = await house.sql<{ transport: string; status: string }>(
    `select ch.transport, m.status from message m join channel ch on ch.id = m.channel_id where m.direction = 'outbound'`,
  )
  expect(rows.length).toBe(5)
  for (const { transport, status } of rows) expect(status).toBe(transport === 'sandbox' ? 'read' : 'sent')
})

test('what a dead dispatcher left behind is taken over when its lease has run out', async () => {
  await using app = await openCustomAppServer()
  const { house, say } = await openDesk(app)
  await using _house = house
  await say('waits')
  await house.sql(`update outbox set holder = 'dead', leased_until = now() + interval '1 hour'`)
  await house.settle()
  expect(app.received).toEqual([])
  await house.sql(`update outbox set leased_until = now() - interval '1 second'`)
  await house.hurry()
  await house.settle()
  expect(app.received.map(({ body }) => body.data)).toEqual(['waits'])
})

test('a message whose job died with its process is found by the next sweep', async () => {
  await using app = await openCustomAppServer()
  const { house, say } = await openDesk(app)
  await using _house = house
  await say('orphaned')
  // What kill -9 in the middle of a dispatch leaves: the job locked by nobody who lives.
  await house.sql(
    `update graphile_worker._private_jobs set locked_at = now(), locked_by = 'dead', key = null`,
  )
  await house.settle()
  expect(app.received).toEqual([])
  await house.sql(`update outbox set created_at = now() - interval '5 minutes'`)
  await house.sql(`select graphile_worker.add_job('overdue.enqueue')`)
  await house.settle()
  expect(app.received.map(({ body }) => body.data)).toEqual(['orphaned'])
})
