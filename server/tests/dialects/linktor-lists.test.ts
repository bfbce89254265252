import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Reply, TestHouse } from '../house.ts'
import { openHouse } from '../house.ts'
import { expectRefusal, idsOf, ISO, keys, keysOf } from './linktor-desk.ts'

let house: TestHouse
let ids: ReturnType<typeof idsOf>
beforeAll(async () => {
  house = await openHouse()
  ids = idsOf(house)
})
afterAll(() => house[Symbol.asyncDispose]())

const idsIn = (reply: Reply): string[] => reply.body.data.map((row: { id: string }) => row.id)
const KINDS = ['webchat', 'custom_app', 'whatsapp', 'telegram', 'telegram_personal']

describe('GET /conversations', () => {
  const list = (query: Record<string, unknown> = {}) => house.linktor.get('/conversations', query)

  test('exactly the keys of the page', async () => {
    const reply = await list()
    expect(reply.status).toBe(200)
    expect(keysOf(reply.body)).toBe('data,meta')
    expect(reply.body.meta).toEqual({ pagination: { page: 1, perPage: 20, totalPages: 1, totalCount: 5 } })
    const plain = 'status,channel,contact,lastMessage,unreadCount,messageCount,metadata,createdAt,updatedAt'
    for (const row of reply.body.data) {
      expect(keysOf(row)).toBe('attributes,id,type')
      expect(row.type).toBe('conversation')
      expect(keysOf(row.attributes)).toBe(keys(plain))
      expect(keysOf(row.attributes.channel)).toBe('id,name,type')
      expect(keysOf(row.attributes.lastMessage)).toBe('content,direction,id,timestamp')
      expect(row.attributes.lastMessage.timestamp).toMatch(ISO)
    }
    const ofWhatsApp = reply.body.data.find((row: { id: string }) => row.id === ids.conversation('whatsapp'))
    expect(ofWhatsApp.attributes).toMatchObject({
      status: 'open',
      channel: { id: ids.channel('whatsapp'), type: 'whatsapp', name: 'WhatsApp (sandbox)' },
      contact: { id: ids.contact('whatsapp'), name: 'Maja Strand', phone: '+4790000101' },
      lastMessage: { content: { type: 'text', text: 'Is the atlas in stock?' }, direction: 'inbound' },
      unreadCount: 1,
      messageCount: 1,
    })
  })

  test('pages: stable, clamped, and empty past the end', async () => {
    const pages = await Promise.all([1, 2, 3, 4].map((page) => list({ page, perPage: 2, sortBy: 'status' })))
    expect(pages.map((page) => page.body.data.length)).toEqual([2, 2, 1, 0])
    expect(new Set(pages.flatMap(idsIn)).size).toBe(5)
    for (const page of pages)
      expect(page.body.meta.pagination).toMatchObject({ totalPages: 3, totalCount: 5 })
    expect((await list({ perPage: 5000 })).body.meta.pagination.perPage).toBe(100)
    expect((await list({ page: 2_147_483_647 })).body.data).toEqual([])
    for (const odd of ['0', '-1', '1.5', 'x', '', '1e2', '[1]', '99999999999999999999', '2147483648'])
      expectRefusal(await list({ page: odd, perPage: odd }), 400, 'VALIDATION_ERROR', ['page', 'perPage'])
  })

  test('every filter', async () => {
    const id = ids.conversation('whatsapp')
    await house.linktor.patch(`/conversations/${id}`, { status: 'pending', priority: 'urgent' })
    await house.linktor.post(`/conversations/${id}/assign`, { assigneeId: ids.user(1) })
    await house.linktor.post(`/conversations/${ids.conversation('telegram')}/assign`, { assigneeId: ids.bot })
    await house.linktor.post(`/conversations/${ids.conversation('webchat')}/close`)
    const only = async (query: Record<string, unknown>, kinds: string[]) => {
      const reply = await list(query)
      expect(idsIn(reply).toSorted(), JSON.stringify(query)).toEqual(kinds.map(ids.conversation).toSorted())
      expect(reply.body.meta.pagination.totalCount).toBe(kinds.length)
    }
    await only({ status: 'pending' }, ['whatsapp'])
    await only({ status: 'closed' }, ['webchat'])
    await only({ status: 'snoozed' }, [])
    await only({ status: 'open' }, ['custom_app', 'telegram', 'telegram_personal'])
    await only({ channelId: ids.channel('custom_app') }, ['custom_app'])
    await only({ channelType: 'telegram' }, ['telegram', 'telegram_personal'])
    await only({ channelType: 'custom' }, ['custom_app'])
    await only({ channelType: 'sms' }, [])
    await only({ channelType: 'constructor' }, [])
    await only({ assigneeId: ids.user(1) }, ['whatsapp'])
    await only({ assigneeId: ids.bot }, ['telegram'])
    await only({ assigneeId: ids.user(2) }, [])
    await only({ botId: ids.bot }, ['telegram'])
    await only({ contactId: ids.contact('webchat') }, ['webchat'])
    await only({ search: 'aTLas' }, ['whatsapp'])
    await only({ search: 'maja' }, ['whatsapp'])
    await only({ search: '%' }, [])
    await only({ search: ' ' }, KINDS)
    await only({ search: 'atlas', status: 'closed' }, [])
    for (const name of ['channelId', 'assigneeId', 'contactId', 'botId'])
      for (const odd of [
        'nobody',
        '',
        `user_${'1'.repeat(32)}`,
        '{"$gt":0}',
        'a\u0001',
        idsOf(house.other).bot,
      ])
        await only({ [name]: odd }, [])
  })

  test('dates: times, bare days, both ends inclusive', async () => {
    const count = async (query: Record<string, unknown>) =>
      (await list(query)).body.meta.pagination.totalCount
    const { createdAt } = (await list({ sortBy: 'createdAt', perPage: 1 })).body.data[0].attributes
    const [day] = createdAt.split('T')
    expect(await count({ startDate: day, endDate: day })).toBe(5)
    expect(await count({ startDate: createdAt, endDate: createdAt })).toBeGreaterThan(0)
    expect(await count({ startDate: '2031-01-01' })).toBe(0)
    expect(await count({ endDate: '2020-01-01T00:00:00+02:00' })).toBe(0)
    for (const odd of ['yesterday', '2026-02-30', '2026-13-01', '', '1767225600', '2026-01-01T25:00:00Z'])
      expectRefusal(await list({ startDate: odd, endDate: odd }), 400, 'VALIDATION_ERROR', [
        'startDate',
        'endDate',
      ])
  })

  test('every order, and back', async () => {
    for (const sortBy of ['createdAt', 'updatedAt', 'lastMessageAt', 'status', 'priority', 'unreadCount']) {
      const down = idsIn(await list({ sortBy, sortOrder: 'desc' }))
      const up = idsIn(await list({ sortBy, sortOrder: 'asc' }))
      expect(up.toReversed(), sortBy).toEqual(down)
      expect(idsIn(await list({ sortBy })), sortBy).toEqual(down)
    }
    expect(idsIn(await list({ sortBy: 'priority' }))[0]).toBe(ids.conversation('whatsapp'))
    const created = idsIn(await list({ sortBy: 'createdAt', sortOrder: 'asc' }))
    expect(created).toEqual(KINDS.map(ids.conversation))
  })

  test('faults, all at once; a parameter counts once', async () => {
    const bad = await list({ status: 'resolved', sortBy: 'name', sortOrder: 'up', startDate: 'x', page: 'y' })
    expectRefusal(bad, 400, 'VALIDATION_ERROR', ['page', 'status', 'startDate', 'sortBy', 'sortOrder'])
    const twice = await house.linktor.get('/conversations?status=open&status=closed&search=a&search=b')
    expectRefusal(twice, 400, 'VALIDATION_ERROR', ['status', 'search'])
    expectRefusal(await house.linktor.get('/conversations?search=%00'), 400, 'VALIDATION_ERROR', ['search'])
    expect((await house.linktor.get('/conversations?search=%ff&unknown[]=1&__proto__=2')).status).toBe(200)
    const cut = await house.linktor.get('/conversations?startDate=2026-01-01T00:00:00+01:00')
    expect(cut.body.meta.pagination.totalCount).toBe(5)
  })
})

describe('GET /conversations/:id/messages', () => {
  const path = () => `/conversations/${ids.conversation('telegram_personal')}/messages`
  const texts = (reply: Reply) =>
    reply.body.data.map((row: { attributes: { content: { text: string } } }) => row.attributes.content.text)

  test('newest first by cursor, oldest first the other way', async () => {
    const conversationId = ids.conversation('telegram_personal')
    const channelId = ids.channel('telegram_personal')
    for (let n = 1; n <= 5; n += 1)
      await house.linktor.post('/messages', {
        channelId,
        conversationId,
        content: { type: 'text', text: `m${n}` },
      })
    const first = await house.linktor.get(path(), { limit: 4 })
    expect(texts(first)).toEqual(['m5', 'm4', 'm3', 'm2'])
    expect(keysOf(first.body)).toBe('data,meta')
    expect(keysOf(first.body.data[0])).toBe('attributes,id,type')
    expect(first.body.data[0].type).toBe('message')
    expect(keysOf(first.body.data[0].attributes)).toBe('content,createdAt,direction,status')
    expect(keysOf(first.body.meta)).toBe('cursor')
    const { next, hasMore } = first.body.meta.cursor
    expect(hasMore).toBe(true)
    const second = await house.linktor.get(path(), { limit: 4, cursor: next })
    expect(texts(second)).toEqual(['m1', 'Thank you for the quick delivery.'])
    expect(second.body.meta).toEqual({ cursor: { hasMore: false } })
    const newer = await house.linktor.get(path(), { cursor: next, direction: 'after' })
    expect(texts(newer)).toEqual(['m3', 'm4', 'm5'])
    const oldest = await house.linktor.get(path(), { limit: 2, direction: 'after' })
    expect(texts(oldest)).toEqual(['Thank you for the quick delivery.', 'm1'])
    expect((await house.linktor.get(path(), { limit: 6 })).body.meta).toEqual({ cursor: { hasMore: false } })
    await house.settle()
    const settled = await house.linktor.get(path(), { limit: 1 })
    expect(settled.body.data[0].attributes.status).not.toBe('pending')
  })

  test('faults', async () => {
    const seq = (value: string) => Buffer.from(`{"seq":${value}}`).toString('base64url')
    for (const cursor of [
      '',
      'x',
      '{"seq":1}',
      seq('-1'),
      seq('1.5'),
      seq('9999999999'),
      seq('"1"'),
      `${seq('1')}=`,
    ])
      expectRefusal(await house.linktor.get(path(), { cursor }), 400, 'VALIDATION_ERROR', ['cursor'])
    const bad = await house.linktor.get(path(), { limit: 'all', direction: 'inbound' })
    expectRefusal(bad, 400, 'VALIDATION_ERROR', ['limit', 'direction'])
    expect((await house.linktor.get(path(), { limit: 100_000 })).status).toBe(200)
  })
})

describe('GET /channels', () => {
  const list = (query: Record<string, unknown> = {}) => house.linktor.get('/channels', query)

  test('what goes through them', async () => {
    const reply = await list()
    expect(reply.body.meta.pagination).toEqual({ page: 1, perPage: 20, totalPages: 1, totalCount: 5 })
    const attributes = 'name,channelType,status,config,stats,createdAt,updatedAt'
    for (const row of reply.body.data) {
      expect(row.type).toBe('channel')
      expect(keysOf(row.attributes)).toBe(keys(attributes))
      expect(row.attributes.config).toEqual({})
      expect(keysOf(row.attributes.stats)).toBe(
        keys('messagesReceived24h,messagesSent24h,activeConversations'),
      )
    }
    expect(idsIn(reply)).toEqual(KINDS.map(ids.channel))
    const personal = reply.body.data.at(-1).attributes
    expect(personal).toMatchObject({
      channelType: 'telegram',
      status: 'active',
      stats: { messagesReceived24h: 1, messagesSent24h: 5, activeConversations: 1 },
    })
    const website = reply.body.data[0].attributes
    expect(website.stats).toEqual({ messagesReceived24h: 1, messagesSent24h: 0, activeConversations: 0 })
    house.clock.advance(86_400_000)
    const later = await list({ search: 'telegram (' })
    expect(later.body.data[0].attributes.stats).toEqual({
      messagesReceived24h: 0,
      messagesSent24h: 0,
      activeConversations: 1,
    })
  })

  test('filters, pages and faults', async () => {
    expect(idsIn(await list({ type: 'whatsapp' }))).toEqual([ids.channel('whatsapp')])
    expect(idsIn(await list({ type: 'telegram' }))).toHaveLength(2)
    expect(idsIn(await list({ type: 'voice' }))).toEqual([])
    expect(idsIn(await list({ status: 'active' }))).toHaveLength(5)
    expect(idsIn(await list({ status: 'inactive' }))).toEqual([])
    expect(idsIn(await list({ search: 'READER' }))).toEqual([ids.channel('custom_app')])
    expect(idsIn(await list({ page: 3, perPage: 2 }))).toEqual([ids.channel('telegram_personal')])
    expect(idsIn(await list({ page: 9 }))).toEqual([])
    expectRefusal(await list({ status: 'open', page: 0 }), 400, 'VALIDATION_ERROR', ['page', 'status'])
  })
})
