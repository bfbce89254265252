import { expect, test } from 'vitest'
import type { Reply } from '../house.ts'
import { openHouse } from '../house.ts'
import { nativeDesk } from '../dialects/native-talk.ts'
import { openWebhookDesk } from '../delivery/webhook-desk.ts'
import { openPictureServer } from '../picture-server.ts'
import { expectCountersRight, hasNothingOf } from '../remains.ts'

const DAY_MS = 86_400_000

async function open() {
  const stack = new AsyncDisposableStack()
  const provider = stack.use(await openPictureServer())
  const house = stack.use(await openHouse({ env: { PARLEY_FETCH_ALLOW: provider.place } }))
  const desk = nativeDesk(house)
  const path = `/channels/${desk.channel('telegram')}/retention`
  return {
    ...{ house, desk, provider, path },
    /** As the clock does every hour. */
    expire: async () => {
      await house.sql(`select graphile_worker.add_job('message.expire')`)
      await house.settle()
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  }
}

const expectProblem = (reply: Reply, status: number, code: string) =>
  expect({ status: reply.status, body: reply.body }).toMatchObject({ status, body: { status, code } })

test('what is older than the channel keeps goes, as the preview said; the rest keeps its place', async () => {
  await using there = await open()
  const { house, desk, provider, path } = there
  const over = await desk.guest('over', 'ancient words')
  await house.native.post(`/conversations/${over.conversationId}/messages`, { file: { url: provider.url } })
  await house.native.post(`/conversations/${over.conversationId}/notes`, { text: 'ancient note' })
  await desk.deed(over, 'close')
  const silent = await desk.guest('silent', 'ancient and open')
  const longer = await desk.guest('longer', 'ancient begin')
  await desk.deed(longer, 'review')
  const elsewhere = await house.native.post('/sandbox/messages', {
    ...{ channelId: desk.channel('webchat'), from: 'elsewhere', text: 'ancient, on another channel' },
  })
  await house.settle()
  house.clock.advance(40 * DAY_MS)
  await house.native.post('/sandbox/messages', {
    ...{ channelId: desk.channel('telegram'), from: 'longer', text: 'fresh words' },
  })
  await house.native.post(`/conversations/${longer.conversationId}/notes`, { text: 'fresh note' })
  const young = await desk.guest('young', 'also fresh')
  await desk.deed(young, 'close')

  // Those of the house's furniture on this channel, too.
  const [asked] = await house.sql<{ messages: string; oldest: Date }>(
    `select count(*) as messages, min(created_at) as oldest from message where channel_id = $1 and created_at < now() + interval '20 years'
       and created_at < (select max(created_at) from message) - interval '30 days'`,
    [desk.channel('telegram')],
  )
  const preview = await house.native.get(path, { days: 30 })
  expect(preview.body).toMatchObject({
    ...{ days: 30, messages: Number(asked!.messages), files: 1, conversations: 1 },
    oldestAt: asked!.oldest.toISOString(),
  })
  const untouched = await house.native.get(path)
  expect(untouched.body).toMatchObject({ days: null, before: null, messages: 0, oldestAt: null })
  await there.expire()
  expect((await house.native.get(path, { days: 30 })).body).toEqual({
    ...preview.body,
    before: expect.any(String),
  })

  const set = await house.native.put(path, { days: 30 })
  expect(set.body).toEqual({ channelId: desk.publicId('ch', desk.channel('telegram')), days: 30 })
  await there.expire()

  const left = await house.native.get(path)
  expect(left.body).toMatchObject({ days: 30, messages: 0, files: 0, conversations: 0, oldestAt: null })
  expect(
    await hasNothingOf(house, ['ancient words', 'ancient note', 'ancient begin', 'ancient and open']),
  ).toEqual([])
  expectProblem(await house.native.get(`/conversations/${over.conversationId}`), 404, 'not_found')
  expect(
    await house.sql(`select 1 from attachment where conversation_id = $1`, [desk.uuid(over.conversationId)]),
  ).toEqual([])
  expect((await house.native.get(`/contacts/${over.contactId}`)).body.conversations).toEqual([])

  const emptied = (await house.native.get(`/conversations/${silent.conversationId}`)).body
  expect(emptied).toMatchObject({
    ...{
      status: 'open',
      messageCount: 0,
      unreadCount: 0,
      lastMessage: null,
      lastMessageAt: null,
      lastInboundAt: null,
    },
    ...{ lastSeq: 1, isWaiting: false },
  })
  const kept = (await house.native.get(`/conversations/${longer.conversationId}`)).body
  expect(kept).toMatchObject({
    messageCount: 1,
    unreadCount: 1,
    lastMessage: { text: 'fresh words', seq: 3 },
    lastSeq: 4,
  })
  const { body: messages } = await house.native.get(`/conversations/${longer.conversationId}/messages`)
  expect(messages.items.map(({ seq, text }: { seq: number; text: string }) => [seq, text])).toEqual([
    [3, 'fresh words'],
    [4, 'fresh note'],
  ])
  expect(await house.sql(`select 1 from review`)).toEqual([])
  expect((await house.native.get(`/conversations/${young.conversationId}`)).status).toBe(200)
  expect((await house.native.get(`/conversations/${elsewhere.body.conversationId}`)).body.messageCount).toBe(
    1,
  )
  await expectCountersRight(house)

  // Who comes back begins where the numbers stopped, or anew.
  const back = await house.native.post('/sandbox/messages', {
    ...{ channelId: desk.channel('telegram'), from: 'silent', text: 'back' },
  })
  expect(back.body).toMatchObject({ seq: 2, conversationId: silent.conversationId })
  const anew = await house.native.post('/sandbox/messages', {
    ...{ channelId: desk.channel('telegram'), from: 'over', text: 'back' },
  })
  expect(anew.body).toMatchObject({ seq: 1, contactId: over.contactId })

  const audit = await house.sql<{ facts: object }>(
    `select facts from audit_entry where action = 'retention.applied'`,
  )
  expect(audit.map(({ facts }) => facts)).toEqual([
    { messages: Number(asked!.messages), files: 1, conversations: 1, days: 30, before: expect.any(String) },
  ])
  await there.expire()
  expect(await house.sql(`select 1 from audit_entry where action = 'retention.applied'`)).toHaveLength(1)
})

test('piece by piece, however much it is, and on from where it stopped', async () => {
  await using there = await open()
  const { house, desk, path } = there
  const talk = await desk.guest('talker')
  const other = await house.native.post('/sandbox/messages', {
    ...{ channelId: desk.channel('webchat'), from: 'other', text: 'other channel' },
  })
  // Two and a half pieces, of two channels in turn.
  await house.sql(
    `insert into message (account_id, id, conversation_id, channel_id, seq, kind, direction, author_kind, text, status, is_echo,
       is_echo_outgoing, is_history, send_to_crm, metadata, micros, occurred_at, created_at, updated_at)
     select account_id, gen_random_uuid(), conversation_id, channel_id, n, kind, direction, author_kind, 'n' || n, status, is_echo,
       is_echo_outgoing, is_history, send_to_crm, metadata, micros + n, occurred_at, created_at, updated_at
       from generate_series(2, 1250) n, message where id = any($1::uuid[]) order by n`,
    [[talk.messageId, other.body.id].map(desk.uuid)],
  )
  await house.sql(
    `update conversation c set message_count = 1250, last_seq = 1250, last_message_id = (
       select id from message m where m.conversation_id = c.id order by seq desc limit 1) where id = any($1::uuid[])`,
    [[talk.conversationId, other.body.conversationId].map(desk.uuid)],
  )
  house.clock.advance(3 * DAY_MS)
  await house.native.put(path, { days: 1 })
  await there.expire()
  expect((await house.native.get(`/conversations/${talk.conversationId}`)).body.messageCount).toBe(0)
  expect((await house.native.get(`/conversations/${other.body.conversationId}`)).body.messageCount).toBe(1250)
  const [noted] = await house.sql<{ through: string }>(
    `select through_number as through from message_retention`,
  )
  const [last] = await house.sql<{ number: string }>(
    `select max(number) as number from message where account_id = $1`,
    [house.fixture.id],
  )
  expect(noted!.through).toBe(last!.number)
  await house.native.post('/sandbox/messages', {
    channelId: desk.channel('telegram'),
    from: 'talker',
    text: 'on',
  })
  house.clock.advance(3 * DAY_MS)
  await there.expire()
  expect((await house.native.get(`/conversations/${talk.conversationId}`)).body).toMatchObject({
    messageCount: 0,
    lastSeq: 1251,
  })
  await house.native.put(path, { days: null })
  await desk.guest('talker', 'stays')
  house.clock.advance(300 * DAY_MS)
  await there.expire()
  expect((await house.native.get(`/conversations/${talk.conversationId}`)).body.messageCount).toBe(1)
})

test('whoever writes meanwhile is not forgotten', async () => {
  await using there = await open()
  const { house, desk, path } = there
  await house.native.put(path, { days: 1 })
  for (let round = 0; round < 4; round += 1) {
    const guests = await Promise.all([0, 1, 2].map((guest) => desk.guest(`busy-${round}-${guest}`)))
    for (const guest of guests) await desk.deed(guest, 'close')
    house.clock.advance(2 * DAY_MS)
    await Promise.all([
      there.expire(),
      ...guests.map((_, guest) => desk.guest(`busy-${round}-${guest}`, 'meanwhile')),
    ])
    const said = await house.sql(`select 1 from message where text = 'meanwhile'`)
    expect(said).toHaveLength(3)
    await expectCountersRight(house)
    house.clock.advance(2 * DAY_MS)
    await there.expire()
  }
})

test('bad input, foreign channels, and who may', async () => {
  await using there = await open()
  const { house, path } = there
  for (const days of [0, -1, 1.5, '30', 40_000, {}])
    expectProblem(await house.native.put(path, { days }), 400, 'invalid')
  for (const body of [{}, { days: 1, more: 1 }])
    expectProblem(await house.native.put(path, body), 400, 'invalid')
  for (const query of ['days=0', 'days=x', 'day=1'])
    expectProblem(await house.native.get(`${path}?${query}`), 400, 'invalid')
  const foreign = `/channels/${house.other.account.channels[0]!.id}/retention`
  expectProblem(await house.native.get(foreign, { days: 1 }), 404, 'not_found')
  expectProblem(await house.native.put(foreign, { days: 1 }), 404, 'not_found')
  await house.sql(`update token set permissions = array_remove(permissions, 'channel.write')`)
  expectProblem(await house.native.put(path, { days: 1 }), 403, 'forbidden')
  expect(await house.sql(`select 1 from channel where retention_days is not null`)).toEqual([])
})

test('what webhooks were told of it goes too, whatever became of that', async () => {
  await using told = await openWebhookDesk()
  const { house, sink } = told
  const desk = nativeDesk(house)
  for (const dialect of ['native', 'blinger', 'pact', 'linktor'])
    for (const path of ['/takes', '/fails'])
      await told.subscribe({ dialect, url: sink.url(path), events: ['*'] })
  sink.behave(({ path }, response) => void response.writeHead(path === '/fails' ? 500 : 200).end())
  const guest = await desk.guest('told', 'ancient words')
  await house.native.post(`/conversations/${guest.conversationId}/messages`, { text: 'ancient answer' })
  await desk.deed(guest, 'close')
  const open = await desk.guest('told-too', 'ancient question')
  await desk.deed(open, 'close')
  await house.settle()
  const words = ['ancient words', 'ancient answer', 'ancient question']
  const holding = await house.sql<{ dialect: string; status: string }>(
    `select distinct w.dialect, d.status from webhook_delivery d join webhook w on w.id = d.webhook_id
      where d.body like '%ancient%' order by 1, 2`,
  )
  expect(holding.map(({ dialect, status }) => `${dialect} ${status}`)).toEqual(
    ['blinger', 'linktor', 'native', 'pact'].flatMap((dialect) =>
      ['pending', 'succeeded'].map((status) => `${dialect} ${status}`),
    ),
  )
  house.clock.advance(3 * DAY_MS)
  await desk.guest('told-too', 'fresh words')
  await house.native.put(`/channels/${desk.channel('telegram')}/retention`, { days: 1 })
  await house.sql(`select graphile_worker.add_job('message.expire')`)
  await house.settle()
  expect((await house.native.get(`/conversations/${open.conversationId}`)).body.messageCount).toBe(1)
  expect(await hasNothingOf(house, words)).toEqual([])
  expect(await hasNothingOf(house, ['fresh words'])).toContain('webhook_delivery')

  // Nor does it come with a try that was out meanwhile.
  const expire = async () => {
    house.clock.advance(3 * DAY_MS)
    await house.sql(`select graphile_worker.add_job('message.expire')`)
    await house.composed.worker.drain()
  }
  let expiring: Promise<void> | null = null
  sink.behave((_received, response) => {
    expiring ??= expire()
    void expiring.finally(() => response.writeHead(500).end())
  })
  await desk.guest('told-too', 'late words')
  const before = sink.received.length
  await house.settle()
  expect(sink.received.slice(before).some(({ text }) => text.includes('late words'))).toBe(true)
  expect(await hasNothingOf(house, ['late words'])).toEqual([])
})
