import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { TestHouse } from '../house.ts'
import { openHouse } from '../house.ts'
import { begin, expectConversation, expectRefusal, idsOf, ISO, keysOf } from './linktor-desk.ts'

let house: TestHouse
let ids: ReturnType<typeof idsOf>
beforeAll(async () => {
  house = await openHouse()
  ids = idsOf(house)
})
afterAll(() => house[Symbol.asyncDispose]())

const CREATED = 'status,channel,contact,unreadCount,messageCount,metadata,tags,createdAt,updatedAt'
const DETAIL = `${CREATED},firstMessageAt,lastMessageAt`

describe('POST /conversations', () => {
  test('makes the contact and the conversation', async () => {
    const reply = await house.linktor.post('/conversations', {
      channelId: ids.channel('whatsapp'),
      contact: { phone: '+4790000901', name: 'Signe Dahl' },
      botId: ids.bot,
      metadata: { source: 'shop', order: { id: 7, open: true }, gone: null },
      tags: ['vip', 'order'],
    })
    const attributes = expectConversation(reply, `${CREATED},bot`, 201)
    expect(attributes).toMatchObject({
      status: 'open',
      channel: { id: ids.channel('whatsapp'), type: 'whatsapp', name: 'WhatsApp (sandbox)' },
      contact: { name: 'Signe Dahl', phone: '+4790000901' },
      bot: { id: ids.bot, name: house.fixture.bots[0]?.name, active: true },
      unreadCount: 0,
      messageCount: 0,
      metadata: { source: 'shop', order: { id: 7, open: true } },
      tags: ['vip', 'order'],
    })
    expect(keysOf(attributes.contact)).toBe('id,name,phone')
    expect(attributes.createdAt).toMatch(ISO)
    expect(reply.body.data.id).toMatch(/^conv_[0-9a-f]{32}$/)
    expect(attributes.contact.id).toMatch(/^contact_[0-9a-f]{32}$/)
  })

  test('assigns a user or a bot', async () => {
    const toUser = await house.linktor.get(
      `/conversations/${await begin(house, { assigneeId: ids.user(1) })}`,
    )
    expect(toUser.body.data.attributes.assignee).toEqual({ id: ids.user(1), type: 'user', name: 'Anna Berg' })
    const both = await begin(house, { assigneeId: ids.user(1), botId: ids.bot })
    const shown = await house.linktor.get(`/conversations/${both}`)
    expect(shown.body.data.attributes).toMatchObject({ assignee: { type: 'user' }, bot: { active: true } })
    const toBot = await house.linktor.get(`/conversations/${await begin(house, { assigneeId: ids.bot })}`)
    expect(toBot.body.data.attributes).toMatchObject({
      assignee: { id: ids.bot, type: 'bot' },
      bot: { id: ids.bot, active: true },
      unreadCount: 0,
    })
  })

  test('of a known contact; contactId wins over contact', async () => {
    const reply = await house.linktor.post('/conversations', {
      channelId: ids.channel('telegram'),
      contactId: ids.contact('whatsapp'),
      contact: { phone: '+4790000999' },
    })
    const { contact } = expectConversation(reply, CREATED, 201)
    expect(contact).toEqual({ id: ids.contact('whatsapp'), name: 'Maja Strand', phone: '+4790000101' })
  })

  test('meets a contact again by phone, then by email', async () => {
    const made = async (kind: string, contact: object) => {
      const body = { channelId: ids.channel(kind), contact }
      const reply = await house.linktor.post('/conversations', body)
      return expectConversation(reply, CREATED, 201).contact.id as string
    }
    const first = await made('whatsapp', { phone: '+4790000911', email: 'Juni@Sea.example', name: 'Juni' })
    expect(await made('telegram', { phone: '+4790000911' })).toBe(first)
    expect(await made('telegram_personal', { email: 'juni@sea.example' })).toBe(first)
  })

  test('an active one exists: 409 with its id; a closed one is opened again', async () => {
    const body = { channelId: ids.channel('whatsapp'), contact: { phone: '+4790000921', name: 'Lars' } }
    const first = await house.linktor.post('/conversations', { ...body, tags: ['a'], metadata: { a: 1 } })
    const { id } = first.body.data
    const error = expectRefusal(await house.linktor.post('/conversations', body), 409, 'CONVERSATION_EXISTS')
    expect(error.details).toEqual([{ field: 'conversationId', message: id }])
    await house.linktor.post(`/conversations/${id}/close`)
    const again = await house.linktor.post('/conversations', { ...body, metadata: { b: 2 } })
    expect(expectConversation(again, CREATED, 201)).toMatchObject({
      status: 'open',
      metadata: { a: 1, b: 2 },
      tags: ['a'],
    })
    expect(again.body.data.id).toBe(id)
    const exchanged = await Promise.all(
      Array.from({ length: 8 }, () =>
        house.linktor.post('/conversations', { ...body, contact: { phone: '+4790000922' } }),
      ),
    )
    expect(exchanged.map(({ status }) => status).toSorted()).toEqual([201, ...Array(7).fill(409)])
  })

  test('names what is not there', async () => {
    const channelId = ids.channel('whatsapp')
    const contact = { phone: '+4790000931' }
    const refused = (body: object) => house.linktor.post('/conversations', body)
    const unknown = '0'.repeat(32)
    for (const odd of [`ch_${unknown}`, 'ch_x', idsOf(house.other).channel('whatsapp')])
      expectRefusal(await refused({ channelId: odd, contact }), 404, 'CHANNEL_NOT_FOUND')
    for (const odd of [`contact_${unknown}`, '7', idsOf(house.other).contact('whatsapp')])
      expectRefusal(await refused({ channelId, contactId: odd }), 404, 'CONTACT_NOT_FOUND')
    for (const odd of ['bot_1', idsOf(house.other).bot, ids.user(1)])
      expectRefusal(await refused({ channelId, contact, botId: odd }), 404, 'BOT_NOT_FOUND')
    for (const odd of ['user_1', idsOf(house.other).user(0)])
      expectRefusal(await refused({ channelId, contact, assigneeId: odd }), 404, 'RESOURCE_NOT_FOUND', [
        'assigneeId',
      ])
    const left = await house.linktor.get('/conversations', { search: '4790000931' })
    expect(left.body.meta.pagination.totalCount).toBe(0)
  })

  test('tells every fault at once', async () => {
    const refused = async (body: unknown, fields: string[]) =>
      expectRefusal(
        await house.linktor.post('/conversations', body as object),
        400,
        'VALIDATION_ERROR',
        fields,
      )
    await refused({}, ['channelId', 'contact'])
    await refused({ channelId: ids.channel('whatsapp'), contact: { name: 'No way' } }, ['contact'])
    await refused(
      {
        channelId: { $gt: 0 },
        contact: { phone: '004790000000', email: 'nobody', name: 7 },
        assigneeId: [ids.user(1)],
        botId: 1.5,
        metadata: [],
        tags: ['fine', 3, '', 'x'.repeat(101)],
      },
      [
        ...['channelId', 'contact.phone', 'contact.name', 'assigneeId', 'botId', 'metadata'],
        ...['tags.1', 'tags.2', 'tags.3', 'contact.email'],
      ],
    )
    await refused({ channelId: 'ch_1', contact: { email: 'a@b' } }, ['contact.email'])
    await refused({ channelId: 'ch_1', contact: { phone: '+47900009\u0000' } }, ['contact.phone'])
    await refused(['ch_1'], ['body'])
  })
})

describe('GET /conversations/:id', () => {
  test('exactly the keys of the page', async () => {
    const reply = await house.linktor.get(`/conversations/${ids.conversation('whatsapp')}`)
    const attributes = expectConversation(reply, DETAIL)
    expect(attributes.contact).toEqual({
      id: ids.contact('whatsapp'),
      name: 'Maja Strand',
      phone: '+4790000101',
      metadata: {},
    })
    for (const time of ['firstMessageAt', 'lastMessageAt', 'createdAt', 'updatedAt'])
      expect(attributes[time]).toMatch(ISO)
  })

  test('recent messages, oldest first, without notes', async () => {
    const id = ids.conversation('telegram')
    const channelId = ids.channel('telegram')
    for (const text of ['one', 'two', 'three'])
      await house.linktor.post('/messages', {
        channelId,
        conversationId: id,
        content: { type: 'text', text },
      })
    await house.linktor.post(`/conversations/${id}/assign`, { assigneeId: ids.user(1), note: 'internal' })
    const reply = await house.linktor.get(`/conversations/${id}`, {
      includeMessages: 'true',
      messageLimit: 3,
    })
    expect(keysOf(reply.body.data)).toBe('attributes,id,relationships,type')
    const { messages } = reply.body.data.relationships
    expect(messages.map((row: { content: { text: string } }) => row.content.text)).toEqual([
      'one',
      'two',
      'three',
    ])
    expect(keysOf(messages[0])).toBe('content,direction,id,timestamp')
    expect(messages[0]).toMatchObject({ direction: 'outbound', content: { type: 'text' } })
    const all = await house.linktor.get(`/conversations/${id}`, { includeMessages: '1', messageLimit: 9999 })
    expect(all.body.data.relationships.messages).toHaveLength(4)
    const without = await house.linktor.get(`/conversations/${id}`, { includeMessages: 'false' })
    expect(keysOf(without.body.data)).toBe('attributes,id,type')
    const bad = await house.linktor.get(`/conversations/${id}`, { includeMessages: 'yes', messageLimit: '0' })
    expectRefusal(bad, 400, 'VALIDATION_ERROR', ['includeMessages', 'messageLimit'])
  })
})

describe('PATCH /conversations/:id', () => {
  const UPDATED = 'status,priority,metadata,tags,updatedAt'

  test('merges metadata, replaces tags, keeps the rest', async () => {
    const id = await begin(house, { metadata: { a: 1, b: { c: 2 } }, tags: ['old'] })
    const reply = await house.linktor.patch(`/conversations/${id}`, {
      priority: 'high',
      metadata: { b: null, d: [1, null] },
      tags: ['vip', 'new'],
    })
    expect(expectConversation(reply, UPDATED)).toMatchObject({
      status: 'open',
      priority: 'high',
      metadata: { a: 1, d: [1, null] },
      tags: ['vip', 'new'],
    })
    const put = await house.linktor.put(`/conversations/${id}`, { priority: 'medium', tags: [], unknown: 1 })
    expect(expectConversation(put, UPDATED)).toMatchObject({
      priority: 'normal',
      tags: [],
      metadata: { a: 1 },
    })
    const before = put.body.data.attributes
    house.clock.advance(5000)
    expect((await house.linktor.patch(`/conversations/${id}`, {})).body.data.attributes).toEqual(before)
  })

  test('every status, and back', async () => {
    const id = await begin(house)
    const to = async (body: object) => {
      const reply = await house.linktor.patch(`/conversations/${id}`, body)
      return expectConversation(reply, UPDATED).status
    }
    expect(await to({ status: 'pending' })).toBe('pending')
    expect(await to({ status: 'snoozed' })).toBe('snoozed')
    expect(await to({ status: 'snoozed', snoozedUntil: '2031-05-01T08:00:00Z' })).toBe('snoozed')
    expect(await to({ status: 'closed' })).toBe('closed')
    const closed = await house.linktor.post(`/conversations/${id}/close`)
    expectConversation(closed, 'status,closedAt,closedBy')
    expect(await to({ status: 'open' })).toBe('open')
    const patched = (body: object) => house.linktor.patch(`/conversations/${id}`, body)
    expectRefusal(await patched({ status: 'snoozed', snoozedUntil: '2020-01-01' }), 400, 'VALIDATION_ERROR', [
      'snoozedUntil',
    ])
    expectRefusal(await patched({ snoozedUntil: '2031-01-01' }), 400, 'VALIDATION_ERROR', ['snoozedUntil'])
    expectRefusal(
      await patched({ status: 'resolved', priority: 1, tags: 'vip', metadata: 'x', snoozedUntil: 'soon' }),
      400,
      'VALIDATION_ERROR',
      ['status', 'priority', 'metadata', 'tags', 'snoozedUntil'],
    )
  })

  test('metadata is bounded, and so is its nesting', async () => {
    const id = await begin(house)
    const nest = (levels: number): unknown => (levels === 0 ? 1 : { a: nest(levels - 1) })
    const patched = (metadata: unknown) => house.linktor.patch(`/conversations/${id}`, { metadata })
    expect((await patched(nest(18))).status).toBe(200)
    expectRefusal(await patched(nest(50)), 400, 'VALIDATION_ERROR', ['metadata'])
    expectRefusal(await patched({ a: 'x'.repeat(70_000) }), 400, 'VALIDATION_ERROR', ['metadata'])
    expectRefusal(await patched({ 'a\u0000': 1 }), 400, 'VALIDATION_ERROR', ['metadata'])
    expectRefusal(await patched({ a: '\ud800' }), 400, 'VALIDATION_ERROR', ['metadata.a'])
    const poison = '{"metadata":{"__proto__":{"admin":true}}}'
    const sent = await house.linktor.patch(`/conversations/${id}`, poison, {
      'content-type': 'application/json',
    })
    expect(expectRefusal(sent, 400, 'VALIDATION_ERROR', []).message).toBe('The JSON has a forbidden key')
  })
})
