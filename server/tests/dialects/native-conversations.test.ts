import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Reply, TestHouse } from '../house.ts'
import { openHouse } from '../house.ts'
import { nativeDesk, type NativeDesk } from './native-talk.ts'

const NOBODY = '0198c0de-0000-7000-8000-00000000dead'

let house: TestHouse
let desk: NativeDesk

beforeAll(async () => {
  house = await openHouse()
  desk = nativeDesk(house)
})
afterAll(() => house[Symbol.asyncDispose]())

const expectProblem = (reply: Reply, status: number, code: string) =>
  expect({ status: reply.status, body: reply.body }).toMatchObject({ status, body: { status, code } })

describe('GET /conversations', () => {
  test('pages by date of change until all were shown once', async () => {
    const ids = []
    for (let guest = 0; guest < 5; guest += 1) ids.push((await desk.guest(`page-${guest}`)).conversationId)
    const seen: string[] = []
    let cursor: string | null = null
    do {
      const page: Reply = await house.native.get('/conversations', { limit: 2, ...(cursor && { cursor }) })
      expect(page.status, page.text).toBe(200)
      expect(page.body.items.length).toBeLessThanOrEqual(2)
      seen.push(...page.body.items.map(({ id }: { id: string }) => id))
      cursor = page.body.nextCursor
    } while (cursor)
    const rows = await house.sql<{ id: string }>(
      `select id from conversation where account_id = $1 order by updated_at desc, id desc`,
      [house.fixture.id],
    )
    expect(seen).toEqual(rows.map(({ id }) => desk.publicId('conv', id)))
    expect(seen.slice(0, 5)).toEqual(ids.toReversed())
  })

  test('each filter shows what a look into the database shows', async () => {
    const [anna] = house.fixture.operators.slice(1)
    const [bot] = house.fixture.bots
    const mine = await desk.guest('filter-mine')
    const bots = await desk.guest('filter-bot')
    const closed = await desk.guest('filter-closed')
    await desk.deed(mine, 'assign', { assigneeId: anna!.id })
    await desk.deed(bots, 'assign', { assigneeId: `bot_${bot!.id}` })
    await desk.deed(closed, 'close')
    await house.native.patch(`/conversations/${mine.conversationId}`, { tags: ['vip', 'north'] })
    const { id: group } = house.fixture.groups[1]!
    await desk.deed(mine, 'group', { groupId: group })
    const filters: [Record<string, string>, string][] = [
      [{ status: 'closed' }, `status = 'closed'`],
      [{ channelId: desk.channel('telegram') }, `channel_id = '${desk.channel('telegram')}'`],
      [{ contactId: mine.contactId }, `id = '${desk.uuid(mine.conversationId)}'`],
      [{ assignee: `op_${anna!.id}` }, `assignee_id = '${anna!.id}'`],
      [
        { assignee: `bot_${bot!.id}` },
        `assignee_bot_id = '${bot!.id}' or (bot_id = '${bot!.id}' and is_bot_active)`,
      ],
      [{ assignee: 'none' }, `assignee_id is null and assignee_bot_id is null`],
      [{ groupId: group }, `group_id = '${group}'`],
      [{ tag: 'vip' }, `tags @> '{vip}'`],
      [{ tag: 'vip', status: 'closed' }, 'false'],
      [{ queue: 'unassigned' }, `status <> 'closed' and assignee_id is null`],
      [{ queue: 'unread' }, `status <> 'closed' and assignee_id is not null and unread_count > 0`],
      [
        { queue: 'unanswered', groupId: group },
        `status <> 'closed' and assignee_id is not null and is_waiting and group_id = '${group}'`,
      ],
      [
        { assignee: `op_${anna!.id}`, status: 'open', channelId: desk.channel('telegram'), tag: 'north' },
        `id = '${desk.uuid(mine.conversationId)}'`,
      ],
      [{ assignee: `op_${NOBODY}` }, 'false'],
      [{ channelId: house.other.account.channels[0]!.id }, 'false'],
    ]
    for (const [query, where] of filters) {
      const rows = await house.sql<{ id: string }>(
        `select id from conversation where account_id = $1 and (${where}) order by updated_at desc, id desc`,
        [house.fixture.id],
      )
      const shown: Reply = await house.native.get('/conversations', { limit: 100, ...query })
      expect(shown.status, shown.text).toBe(200)
      const told = shown.body.items.map(({ id }: { id: string }) => id)
      expect(told, JSON.stringify(query)).toEqual(rows.map(({ id }) => desk.publicId('conv', id)))
      if (where !== 'false') expect(told.length, JSON.stringify(query)).toBeGreaterThan(0)
    }
  })

  test('a frequent tag is met on the way, page by page', async () => {
    await using crowded = await openHouse()
    const there = nativeDesk(crowded)
    const { contactId, conversationId } = await there.guest('crowd')
    await crowded.native.patch(`/conversations/${conversationId}`, { tags: ['many'] })
    // As many as make a tag frequent; only the key is looked at.
    await crowded.sql(
      `insert into conversation_tag select $1, 'many', gen_random_uuid() from generate_series(1, 10001)`,
      [crowded.fixture.id],
    )
    const shown = await crowded.native.get('/conversations', { tag: 'many' })
    expect(shown.body.items.map((one: { contact: { id: string } }) => one.contact.id)).toEqual([contactId])
    expect(shown.body.nextCursor).toBeNull()
  })

  test('search pages by what was shown', async () => {
    for (let guest = 0; guest < 3; guest += 1) await desk.guest(`search-${guest}`, `Zanzibar number ${guest}`)
    const first = await house.native.get('/conversations', { search: 'zanzibar', limit: 2 })
    expect(first.body.items.map((one: { lastMessage: { text: string } }) => one.lastMessage.text)).toEqual([
      'Zanzibar number 2',
      'Zanzibar number 1',
    ])
    const next = await house.native.get('/conversations', {
      search: 'zanzibar',
      cursor: first.body.nextCursor,
    })
    expect(next.body.items.map((one: { lastMessage: { text: string } }) => one.lastMessage.text)).toEqual([
      'Zanzibar number 0',
    ])
    expect(next.body.nextCursor).toBeNull()
    for (const more of [{ tag: 'a' }, { queue: 'unread' }, { groupId: NOBODY }, { assignee: 'none' }])
      expectProblem(await house.native.get('/conversations', { search: 'z', ...more }), 400, 'invalid')
  })

  test('bad queries', async () => {
    const { body } = await house.native.get('/conversations', { limit: 1 })
    const cursor: string = body.nextCursor
    const foreign = await house.other.native.get('/conversations', { limit: 1, cursor })
    expectProblem(foreign, 400, 'invalid')
    expect(foreign.body.detail).toContain('cursor')
    for (const query of [
      ...[{ cursor: `${cursor}x` }, { cursor: '' }, { search: 'x', cursor }, { limit: 0 }, { limit: 101 }],
      ...[{ status: 'gone' }, { queue: 'all' }, { unknown: '1' }, { tag: '' }, { search: '\0' }],
    ])
      expectProblem(await house.native.get('/conversations', query), 400, 'invalid')
    for (const query of [{ channelId: 'x' }, { assignee: 'me' }, { groupId: 'group_1' }])
      expectProblem(await house.native.get('/conversations', query), 404, 'not_found')
  })
})

describe('one conversation', () => {
  test('is shown with everything around it', async () => {
    const { conversationId, contactId, messageId } = await desk.guest('shown', 'What a day')
    const { status, body } = await house.native.get(`/conversations/${conversationId}`)
    expect(status).toBe(200)
    expect(body).toMatchObject({
      ...{ id: conversationId, status: 'open', priority: 'normal', tags: [], metadata: {}, note: null },
      channel: { id: desk.publicId('ch', desk.channel('telegram')), kind: 'telegram' },
      contact: { id: contactId, name: 'Guest shown', externalId: 'shown', avatarUrl: null },
      ...{ assignee: null, unreadCount: 1, messageCount: 1, lastSeq: 1, isWaiting: true, isNew: true },
      lastMessage: {
        id: messageId,
        text: 'What a day',
        direction: 'inbound',
        author: { kind: 'contact', id: contactId },
      },
    })
    expect(body.number).toBeTypeOf('number')
  })

  test('is made with a first message, and joined when it is there', async () => {
    const channelId = desk.channel('whatsapp')
    const made = await house.native.post('/conversations', {
      channelId,
      contact: { phone: '+47 900 12 345', name: 'Bo' },
      assigneeId: `op_${house.fixture.operators[1]!.id}`,
      ...{ tags: ['new', 'new'], metadata: { from: 'test' }, message: { text: 'Good morning' } },
    })
    expect(made.status, made.text).toBe(201)
    expect(made.body).toMatchObject({
      ...{ status: 'open', tags: ['new'], metadata: { from: 'test' }, messageCount: 1 },
      contact: { name: 'Bo', phone: '4790012345' },
      assignee: { kind: 'operator', name: house.fixture.operators[1]!.name },
      lastMessage: { text: 'Good morning', direction: 'outbound' },
    })
    const joined = await house.native.post('/conversations', {
      ...{ channelId, contactId: made.body.contact.id, message: { text: 'Again' } },
    })
    expect(joined.status).toBe(200)
    expect(joined.body).toMatchObject({ id: made.body.id, messageCount: 2 })
    await desk.deed({ conversationId: made.body.id }, 'close')
    const reopened = await house.native.post('/conversations', { channelId, address: '4790012345' })
    expect(reopened.body).toMatchObject({ id: made.body.id, status: 'open' })
  })

  test('is not made of nonsense', async () => {
    const channelId = desk.channel('whatsapp')
    const contact = { phone: '4790012346' }
    const foreign = house.other.account
    const bad: [object, number, string][] = [
      [{ channelId }, 400, 'invalid'],
      [{ channelId, contact, address: '1' }, 400, 'invalid'],
      [{ channelId, contact: {} }, 400, 'missing'],
      [{ channelId, contact: { phone: 'x' } }, 400, 'invalid'],
      [{ channelId, contact: { ...contact, age: 3 } }, 400, 'invalid'],
      [{ channelId, address: 'Kim' }, 400, 'invalid'],
      [{ channelId, contact, message: { text: ' ' } }, 400, 'missing'],
      [{ channelId, contact, tags: [''] }, 400, 'invalid'],
      [{ channelId, contact, metadata: { a: '\0' } }, 400, 'invalid'],
      [{ channelId, contact, other: 1 }, 400, 'invalid'],
      [{ channelId: foreign.channels[0]!.id, contact }, 404, 'not_found'],
      [{ channelId, contactId: foreign.contacts[0]!.id }, 404, 'not_found'],
      [{ channelId, contact, assigneeId: foreign.operators[0]!.id }, 404, 'not_found'],
      [{ channelId, contact, botId: foreign.bots[0]!.id }, 404, 'not_found'],
    ]
    for (const [body, status, code] of bad)
      expectProblem(await house.native.post('/conversations', body), status, code)
    expect(await house.sql(`select 1 from contact where phone = '4790012346'`)).toEqual([])
  })

  test('is changed: absent stays, null clears', async () => {
    const { conversationId } = await desk.guest('changed')
    const path = `/conversations/${conversationId}`
    const first = await house.native.patch(path, {
      ...{
        priority: 'urgent',
        tags: ['a', 'b'],
        metadata: { x: 1, y: 2 },
        note: 'likes maps',
        status: 'pending',
      },
    })
    expect(first.body).toMatchObject({
      ...{
        priority: 'urgent',
        tags: ['a', 'b'],
        metadata: { x: 1, y: 2 },
        note: 'likes maps',
        status: 'pending',
      },
    })
    const second = await house.native.patch(path, { metadata: { x: null }, note: null })
    expect(second.body).toMatchObject({ priority: 'urgent', tags: ['a', 'b'], note: null, status: 'pending' })
    expect(second.body.metadata).toEqual({ y: 2 })
    expect((await house.native.patch(path, { status: 'closed' })).body.status).toBe('closed')
    for (const body of [{ status: 'snoozed' }, { priority: 'x' }, { id: 'x' }, { tags: 'a' }, { note: 5 }])
      expectProblem(await house.native.patch(path, body), 400, 'invalid')
  })
})

describe('deeds', () => {
  test('take, assign, transfer, unassign', async () => {
    const [owner, anna] = house.fixture.operators
    const [bot] = house.fixture.bots
    const talk = await desk.guest('deeds')
    const taken = await desk.deed(talk, 'take')
    expect(taken.body).toMatchObject({ assignee: { kind: 'operator', name: owner!.name }, unreadCount: 0 })
    const assigned = await desk.deed(talk, 'assign', { assigneeId: `op_${anna!.id}`, note: 'yours' })
    expect(assigned.body).toMatchObject({ assignee: { name: anna!.name } })
    expectProblem(await desk.deed(talk, 'take'), 409, 'assigned_to_other')
    const given = await desk.deed(talk, 'transfer', {
      ...{ assigneeId: `bot_${bot!.id}`, reason: 'night', summary: 'sleeps', notifyContact: true },
    })
    expect(given.body).toMatchObject({ assignee: { kind: 'bot', name: bot!.name }, bot: { isActive: true } })
    const freed = await desk.deed(talk, 'unassign')
    expect(freed.body.assignee).toBeNull()
    const { body } = await house.native.get(`/conversations/${talk.conversationId}/messages`)
    expect(body.items.map(({ kind, text }: Record<string, string>) => `${kind}: ${text}`)).toEqual([
      'text: Hello',
      'note: yours',
      'note: night\n\nsleeps',
      'text: You are being transferred to a colleague who will continue to help you.',
    ])
    const others = await house.native.get(`/conversations/${talk.conversationId}/participants`)
    expect(others.body).toMatchObject({
      contact: { id: talk.contactId },
      bots: [{ id: desk.publicId('bot', bot!.id) }],
    })
    expect(others.body.operators.map(({ id }: { id: string }) => id).toSorted()).toEqual(
      [owner!, anna!].map(({ id }) => desk.publicId('op', id)).toSorted(),
    )
    for (const assigneeId of [NOBODY, `op_${bot!.id}`, house.other.account.operators[0]!.id, 'x'])
      expectProblem(await desk.deed(talk, 'assign', { assigneeId }), 404, 'not_found')
    expectProblem(await desk.deed(talk, 'assign', {}), 400, 'invalid')
  })

  test('group, snooze, close, reopen, read, review', async () => {
    const talk = await desk.guest('deeds-2')
    const group = house.fixture.groups[1]!
    expect((await desk.deed(talk, 'group', { groupId: group.id })).body.group).toMatchObject({
      title: group.name,
    })
    expectProblem(await desk.deed(talk, 'group', { groupId: group.id }), 409, 'already_in_group')
    expectProblem(
      await desk.deed(talk, 'group', { groupId: house.other.account.groups[0]!.id }),
      404,
      'not_found',
    )

    const until = new Date(house.clock.now().getTime() + 3_600_000).toISOString()
    expect((await desk.deed(talk, 'snooze', { until })).body).toMatchObject({
      status: 'snoozed',
      snoozedUntil: until,
    })
    expect((await desk.deed(talk, 'snooze')).body).toMatchObject({ status: 'snoozed', snoozedUntil: null })
    for (const wrong of [
      '2020-01-01T00:00:00Z',
      'tomorrow',
      '2036-01-01',
      '2036-01-01T00:00:00',
      '2036-99-01T00:00:00Z',
    ])
      expectProblem(await desk.deed(talk, 'snooze', { until: wrong }), 400, 'invalid')

    expect((await desk.deed(talk, 'read')).body).toMatchObject({ unreadCount: 0, isWaiting: true })
    const told = await house.sql(
      `select 1 from event where conversation_id = $1 and type = 'conversation.updated' and data -> 'changed' = '["unreadCount"]'`,
      [desk.uuid(talk.conversationId)],
    )
    expect(told).toHaveLength(1)
    const before = await house.native.get(`/conversations/${talk.conversationId}`)
    expect((await desk.deed(talk, 'read')).text).toBe(before.text)

    const asked = await desk.deed(talk, 'review')
    expect(asked.body.lastMessage).toMatchObject({ kind: 'review', author: { kind: 'bot' } })
    expect(asked.body.lastMessage.reviewId).toMatch(/^review_/)

    const closed = await desk.deed(talk, 'close', { reason: 'done', resolution: 'resolved', note: 'bye' })
    expect(closed.body).toMatchObject({
      ...{ status: 'closed', closureReason: 'done', resolution: 'resolved' },
      closedBy: { kind: 'operator', name: house.fixture.operators[0]!.name },
    })
    expectProblem(await desk.deed(talk, 'close'), 409, 'already_closed')
    expect((await desk.deed(talk, 'reopen')).body.status).toBe('open')
    expectProblem(await desk.deed(talk, 'close', { resolution: 'x' }), 400, 'invalid')
    expectProblem(await desk.deed(talk, 'reopen', { now: true }), 400, 'invalid')
  })

  test('a review asked for with a key comes once', async () => {
    const talk = await desk.guest('review-once')
    const headers = { 'idempotency-key': 'review-once' }
    const first = await desk.deed(talk, 'review', undefined, headers)
    await house.sql(
      `update kept_answer set status = null, headers = null, sealed_body = null, leased_until = now() - interval '1 second'`,
    )
    const again = await desk.deed(talk, 'review', undefined, headers)
    expect(again.body.lastMessage.id).toBe(first.body.lastMessage.id)
    const id = desk.uuid(talk.conversationId)
    expect(await house.sql(`select 1 from review where conversation_id = $1`, [id])).toHaveLength(1)
  })
})

describe('GET /tags', () => {
  test('each tag in use once, by prefix, in pages; a tag nobody has any more is gone', async () => {
    const [one, two] = [await desk.guest('tag-1'), await desk.guest('tag-2')]
    const tag = (talk: { conversationId: string }, tags: string[]) =>
      house.native.patch(`/conversations/${talk.conversationId}`, { tags })
    await tag(one, ['zoo:a', 'zoo:b', 'zoo:c'])
    await tag(two, ['zoo:b', 'zoo%'])
    const list = async (query: Record<string, unknown>) => (await house.native.get('/tags', query)).body
    expect(await list({ prefix: 'zoo' })).toEqual({
      items: ['zoo%', 'zoo:a', 'zoo:b', 'zoo:c'],
      nextCursor: null,
    })
    const first = await list({ prefix: 'zoo', limit: 3 })
    expect(first.items).toEqual(['zoo%', 'zoo:a', 'zoo:b'])
    expect((await list({ prefix: 'zoo', cursor: first.nextCursor })).items).toEqual(['zoo:c'])
    expect((await list({ prefix: 'zoo:' })).items).toEqual(['zoo:a', 'zoo:b', 'zoo:c'])
    await tag(one, [])
    expect((await list({ prefix: 'zoo' })).items).toEqual(['zoo%', 'zoo:b'])
    expect((await house.other.native.get('/tags', {})).body.items).not.toContain('zoo:b')
    expectProblem(await house.other.native.get('/tags', { cursor: first.nextCursor }), 400, 'invalid')
  })

  test('the table of tags is what the conversations say', async () => {
    const differences = await house.sql(`
      (select account_id, tag collate "C", id from conversation, unnest(tags) tag except select * from conversation_tag)
      union all (select * from conversation_tag except select account_id, tag collate "C", id from conversation, unnest(tags) tag)`)
    expect(differences).toEqual([])
  })
})
