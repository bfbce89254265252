import { expect, test } from 'vitest'
import { hasNothingOf } from '../remains.ts'
import { nativeId } from '../dialects/native-desk.ts'
import { answerWith, openWebhookDesk, wordsOf } from './webhook-desk.ts'

const SAID = { events: ['message.queued'] }
const DAY_MS = 86_400_000

test('what happens is told in order, each thing once, from when it was asked for', async () => {
  await using desk = await openWebhookDesk()
  const { house, sink, subscribe, say } = desk
  await say('before')
  await subscribe(SAID)
  for (const text of ['one', 'two', 'three']) await say(text)
  await house.settle()
  await house.settle()
  expect(wordsOf(sink.received)).toEqual(['one', 'two', 'three'])
  const ids = sink.received.map(({ headers }) => headers['webhook-id'])
  expect(ids).toEqual(sink.received.map(({ body }) => body.id))
  expect(new Set(ids).size).toBe(3)
  expect(sink.received.map(({ body }) => body.data.seq)).toEqual(
    sink.received.map(({ body }) => body.message.seq),
  )
})

test('what failed is told again with the same id and body, and holds nothing back', async () => {
  await using desk = await openWebhookDesk()
  const { house, sink, subscribe, say, deliveries } = desk
  const { id } = await subscribe(SAID)
  sink.behave(
    ({ body }, response) =>
      void response
        .writeHead(body.message.text === 'one' && sink.received.length < 4 ? 500 : 200)
        .end('sorry'),
  )
  for (const text of ['one', 'two', 'three']) await say(text)
  await house.settle()
  expect(wordsOf(sink.received)).toEqual(['one', 'two', 'three'])
  house.clock.advance(6000)
  await house.settle()
  expect(wordsOf(sink.received)).toEqual(['one', 'two', 'three', 'one'])
  const [first, , , second] = sink.received
  expect(second?.text).toBe(first?.text)
  expect(second?.headers['webhook-id']).toBe(first?.headers['webhook-id'])
  expect(second?.headers['webhook-timestamp']).not.toBe(first?.headers['webhook-timestamp'])
  expect(second?.headers['webhook-signature']).not.toBe(first?.headers['webhook-signature'])
  expect((await deliveries(id)).map(({ status, attemptCount }) => [status, attemptCount]).toSorted()).toEqual(
    [
      ['succeeded', 1],
      ['succeeded', 1],
      ['succeeded', 2],
    ],
  )
})

test('each dialect has its schedule, and then it is given up', async () => {
  await using desk = await openWebhookDesk()
  const { house, sink, subscribe, say, pauses } = desk
  sink.behave(answerWith(500))
  const schedules = [
    ['native', ['message.queued'], 0.2, [5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400]],
    ['linktor', ['message.sent'], 0.1, [60, 300, 1800, 7200]],
    ['blinger', ['on_outgoing_message'], 0.1, [10, 60, 300, 1800, 7200]],
    ['pact', ['conversation/new'], 0, Array.from({ length: 10 }, () => 60)],
  ] as const
  for (const [dialect, events, jitter, seconds] of schedules) {
    const { id } = await subscribe({ dialect, events })
    if (dialect === 'pact') await customer(desk, 'nobody was here before')
    else await say('told in vain')
    const before = sink.received.length
    for (const pause of seconds) {
      await house.settle()
      const [due = 0, ...others] = await pauses()
      expect(others).toEqual([])
      expect(Math.abs(due - pause * 1000), `${dialect} ${pause}`).toBeLessThanOrEqual(
        pause * 1000 * jitter + 1000,
      )
      house.clock.advance(due - 500)
      await house.settle()
      expect(await pauses()).toHaveLength(1)
      house.clock.advance(500)
    }
    await house.settle()
    expect(sink.received.length - before, dialect).toBe(seconds.length + 1)
    house.clock.advance(3 * DAY_MS)
    await house.settle()
    expect(sink.received.length - before, dialect).toBe(seconds.length + 1)
    const { body } = await house.native.get(`/webhooks/${id}`)
    expect(body.stats).toMatchObject({ failed: 1, succeeded: 0, pending: 0, attempts: seconds.length + 1 })
    await house.native.delete(`/webhooks/${id}`)
  }
})

async function customer({ house }: Awaited<ReturnType<typeof openWebhookDesk>>, text: string): Promise<void> {
  const channel = house.fixture.channels.find(({ kind }) => kind === 'whatsapp')
  const said = await house.native.post('/sandbox/messages', {
    ...{ channelId: nativeId('ch', channel?.id), from: `479${house.clock.now().getTime() % 10_000_000}` },
    ...{ name: 'Kim', text },
  })
  expect(said.status, said.text).toBe(201)
}

test('an endpoint that asks for time is given it, within a day', async () => {
  await using desk = await openWebhookDesk()
  const { house, sink, subscribe, say, pauses } = desk
  await subscribe(SAID)
  for (const [header, least, most] of [
    ['120', 119_000, 121_000],
    [new Date(house.clock.now().getTime() + 600_000).toUTCString(), 590_000, 601_000],
    ['999999', DAY_MS - 1000, DAY_MS + 1000],
    ['soon', 3000, 7000],
  ] as const) {
    sink.behave(answerWith(503, { 'retry-after': header }))
    await say('busy')
    await house.settle()
    const [due = 0] = await pauses()
    expect(due, header).toBeGreaterThan(least)
    expect(due, header).toBeLessThan(most)
    await house.sql('delete from webhook_delivery')
  }
})

test('410 ends it at once, and the log says so', async () => {
  await using desk = await openWebhookDesk()
  const { house, sink, subscribe, say } = desk
  const { id } = await subscribe(SAID)
  const { id: watching } = await subscribe({ url: sink.url('/watching'), events: ['webhook.paused'] })
  sink.behave(({ path }, response) => void response.writeHead(path === '/watching' ? 200 : 410).end())
  await say('anybody there?')
  await house.settle()
  await say('still there?')
  await house.settle()
  expect(sink.received.map(({ path, body }) => [path, body.type])).toEqual([
    ['/hook', 'message.queued'],
    ['/watching', 'webhook.paused'],
  ])
  expect(sink.received[1]?.body.data).toEqual({ webhookId: id, reason: 'gone' })
  expect((await house.native.get(`/webhooks/${id}`)).body).toMatchObject({ isActive: false, pause: 'gone' })
  expect((await house.native.get(`/webhooks/${watching}`)).body).toMatchObject({
    isActive: true,
    pause: null,
  })
})

test('five days of nothing but failures pause it; a success in between begins the count anew', async () => {
  await using desk = await openWebhookDesk()
  const { house, sink, subscribe, say } = desk
  const { id } = await subscribe(SAID)
  const state = async () =>
    (await house.native.get(`/webhooks/${id}`)).body as { pause: string; isActive: boolean }
  const day = async (status: number) => {
    sink.behave(answerWith(status))
    await say(`a day of ${status}`)
    await house.settle()
    house.clock.advance(DAY_MS)
  }
  for (const status of [500, 500, 500, 200, 500, 500, 500, 500, 500]) await day(status)
  expect(await state()).toMatchObject({ isActive: true, pause: null })
  await day(500)
  expect(await state()).toMatchObject({ isActive: false, pause: 'failing' })
  const before = sink.received.length
  await day(200)
  expect(sink.received).toHaveLength(before)
  // It goes on where it stopped: nothing of what happened meanwhile is lost.
  expect((await house.native.patch(`/webhooks/${id}`, { isActive: true })).status).toBe(200)
  await house.settle()
  expect(wordsOf(sink.received.slice(before))).toContain('a day of 200')
  expect(await state()).toMatchObject({ isActive: true, pause: null, failingSince: null })
})

test('what happens while it is switched off by hand is not told; its address may change', async () => {
  await using desk = await openWebhookDesk()
  const { house, sink, subscribe, say } = desk
  const { id } = await subscribe(SAID)
  await house.native.patch(`/webhooks/${id}`, { isActive: false })
  await say('unheard')
  await house.settle()
  await house.native.patch(`/webhooks/${id}`, { isActive: true, url: sink.url('/elsewhere') })
  await say('heard')
  await house.settle()
  expect(sink.received.map(({ path, body }) => [path, body.message.text])).toEqual([['/elsewhere', 'heard']])
})

test('what was told can be told again: one, a stretch of time, all that failed', async () => {
  await using desk = await openWebhookDesk()
  const { house, sink, subscribe, say, deliveries } = desk
  const { id } = await subscribe({ ...SAID, maxAttempts: 1 })
  sink.behave(({ body }, response) => void response.writeHead(body.message.text === 'bad' ? 500 : 200).end())
  await say('good')
  const between = house.clock.now()
  await say('bad')
  await say('good too')
  await house.settle()
  const listed = await deliveries(id)
  expect(listed.map(({ status }) => status).toSorted()).toEqual(['failed', 'succeeded', 'succeeded'])
  const again = async (which: object) => {
    const before = sink.received.length
    const replayed = await house.native.post(`/webhooks/${id}/replay`, which)
    expect(replayed.status, replayed.text).toBe(202)
    await house.settle()
    return { count: replayed.body.count as number, told: wordsOf(sink.received.slice(before)).toSorted() }
  }
  const firstTold = sink.received.find(({ body }) => body.message.text === 'good')
  const good = listed.find(({ eventId }) => eventId === firstTold?.headers['webhook-id'])
  expect(await again({ deliveryId: good?.id })).toEqual({ count: 1, told: ['good'] })
  expect(sink.received.at(-1)?.text).toBe(firstTold?.text)
  expect(sink.received.at(-1)?.headers['webhook-id']).toBe(firstTold?.headers['webhook-id'])
  const until = new Date(house.clock.now().getTime() + 1000).toISOString()
  expect(await again({ from: between.toISOString(), until })).toEqual({ count: 2, told: ['bad', 'good too'] })
  sink.behave(answerWith(204))
  expect(await again({ status: 'failed' })).toEqual({ count: 1, told: ['bad'] })
  expect(await again({ status: 'failed' })).toEqual({ count: 0, told: [] })
  // Not of a webhook that is gone, nor of somebody else's.
  expect((await house.other.native.post(`/webhooks/${id}/replay`, { status: 'failed' })).status).toBe(404)
  await house.native.delete(`/webhooks/${id}`)
  expect((await house.native.post(`/webhooks/${id}/replay`, { status: 'failed' })).status).toBe(404)
})

test('one account is told nothing of another, nor of what a Blinger client keeps silent', async () => {
  await using desk = await openWebhookDesk()
  const { house, sink, subscribe } = desk
  const other = await house.other.native.post('/webhooks', { url: sink.url('/other'), events: ['*'] })
  expect(other.status, other.text).toBe(201)
  await subscribe({ url: sink.url('/blinger'), dialect: 'blinger' })
  await subscribe({ url: sink.url('/native'), events: ['conversation.assigned', 'message.queued'] })
  const [conversation] = house.fixture.conversations
  const [, operator] = house.fixture.operators
  const act = (route: string, fields: object) =>
    house.blingerApp.post(`/conversations/${route}`, {
      ...{ conversation_id: conversation?.number, operator_id: operator?.number },
      ...fields,
    })
  expect((await act('assign-operator', { disable_webhook: 1 })).status).toBe(200)
  expect((await act('send-message', { text: 'silent', disable_webhook: 1 })).status).toBe(200)
  expect((await act('send-message', { text: 'loud' })).status).toBe(200)
  await house.settle()
  const told = sink.received.map(
    ({ path, body }) =>
      `${path} ${body.webhook ?? body.type} ${body.message?.text ?? body.message?.message ?? ''}`,
  )
  expect(told.toSorted()).toEqual([
    '/blinger on_outgoing_message loud',
    '/native conversation.assigned ',
    '/native message.queued loud',
    '/native message.queued silent',
  ])
})

test('nothing of a contact that was deleted stays in what was told, nor of messages past their time', async () => {
  await using desk = await openWebhookDesk()
  const { house, sink, subscribe, say } = desk
  await subscribe()
  await subscribe({ dialect: 'blinger' })
  sink.behave(answerWith(500))
  await say('peculiar-words-of-ours')
  await house.settle()
  expect(await hasNothingOf(house, ['peculiar-words-of-ours'])).toContain('webhook_delivery')
  const row = await house.sql<{ contactId: string }>(
    `select contact_id as "contactId" from conversation where id = $1`,
    [house.fixture.conversations[0]?.id],
  )
  const deleted = await house.native.delete(`/contacts/${nativeId('contact', row[0]?.contactId)}`)
  expect(deleted.status, deleted.text).toBeLessThan(300)
  await house.settle()
  house.clock.advance(6000)
  await house.settle()
  expect(await hasNothingOf(house, ['peculiar-words-of-ours'])).toEqual([])
})
