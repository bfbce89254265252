import { createHmac, timingSafeEqual } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import type { Payload, Signing, Telling } from '../../application/ports/webhook-dialect.ts'
import type { Doer } from '../../domain/actor.ts'
import type { DomainEvent } from '../../domain/events.ts'
import type { Message } from '../../domain/message.ts'
import type { ConversationView } from '../../domain/view.ts'
import { linktorSpeech } from './events.ts'

const uuid = (digit: number) => `00000000-0000-7000-8000-00000000000${digit}`
const hex = (digit: number) => uuid(digit).replaceAll('-', '')
const BEGAN = new Date('2026-05-01T10:00:00.111Z')
const THEN = new Date('2026-05-01T10:05:00.222Z')
const LATER = new Date('2026-05-01T11:00:00.333Z')
const born = { accountId: uuid(1), number: 7, createdAt: BEGAN, updatedAt: LATER }

const account = { ...born, id: uuid(1), name: 'Harbour', phone: null, description: null, webhookUrl: null }
const channel = {
  ...{ ...born, id: uuid(2), kind: 'whatsapp', transport: 'sandbox', name: 'Front door', status: 'active' },
  ...{ webhookUrl: null, metadata: {}, widget: null },
}
const contact = {
  ...{ ...born, id: uuid(3), name: 'Maja', customName: null, phone: '4790000101', email: null, avatar: null },
  ...{ extraFields: { secret: 1 }, tags: null, metadata: { vip: true } },
}
const conversation = {
  ...{ ...born, id: uuid(4), status: 'open', assigneeId: uuid(5), assigneeBotId: null, botId: uuid(6) },
  ...{ isBotActive: false, priority: 'high', unreadCount: 1, messageCount: 2, metadata: { 10: 'b', 9: 'a' } },
  ...{ tags: ['one'], firstMessageAt: BEGAN, lastMessageAt: THEN, closedAt: null, closedBy: null },
  ...{ resolution: null, closureReason: null, note: 'for us' },
}
const view = {
  ...{ account, channel, contact, conversation },
  identity: { ...born, id: uuid(7), externalId: '4790000101', nickname: null },
  assignee: { id: uuid(5), name: 'Later' },
  bot: { id: uuid(6), name: 'Greeter' },
} as unknown as ConversationView
const message = {
  ...{
    ...born,
    id: uuid(8),
    conversationId: uuid(4),
    channelId: uuid(2),
    kind: 'text',
    direction: 'outbound',
  },
  ...{ text: 'Hei', attachment: null, details: null, status: 'read', metadata: {}, providerMessageId: 'p1' },
  ...{ sentAt: THEN, deliveredAt: THEN, readAt: LATER },
} as unknown as Message

const anna: Doer = { kind: 'operator', id: uuid(5), name: 'Anna' }
const botDoer: Doer = { kind: 'bot', id: uuid(6), name: 'Greeter' }

function telling(event: DomainEvent, more: Partial<Record<keyof Telling, unknown>> = {}): Telling {
  return {
    recorded: { id: 42, transactionId: 1, event, isSilent: false, occurredAt: THEN },
    ...{ account, view, message, contact, channel, isFirstMessage: false, episodeMessages: [] },
    ...{
      bot: { ...born, id: uuid(6), name: 'Greeter' },
      operators: new Map(),
      origin: 'https://parley.example',
    },
    ...more,
  } as unknown as Telling
}

const tell = (event: DomainEvent, more: Partial<Record<keyof Telling, unknown>> = {}) =>
  linktorSpeech.render(telling(event, more))
const names = (payloads: Payload[]) => payloads.map(({ event }) => event)
const attributesOf = ({ body }: Payload) => (body as { attributes: Record<string, unknown> }).attributes
const of = { conversationId: uuid(4) }
const said = { ...of, messageId: uuid(8), seq: 2, kind: 'text', author: 'operator' } as const
const gone = { view: null, message: null, contact: null, channel: null, bot: null }

describe('messages', () => {
  test('each status that was reached is told once, in order', () => {
    const advanced = { type: 'message.advanced', ...of, messageId: uuid(8), error: null } as const
    const both = tell({ ...advanced, status: 'delivered', statuses: ['sent', 'delivered'] })
    expect(names(both)).toEqual(['message.sent', 'message.delivered'])
    expect(both.map((payload) => attributesOf(payload).status)).toEqual(['sent', 'delivered'])
    expect(attributesOf(both[0]!)).not.toMatchObject({ deliveredAt: expect.anything() })
    expect(attributesOf(both[1]!)).toMatchObject({ deliveredAt: '2026-05-01T10:05:00Z', readAt: undefined })
    expect(names(tell({ ...advanced, status: 'read' }))).toEqual(['message.read'])
    expect(tell({ ...advanced, status: 'pending', statuses: [] })).toEqual([])
  })

  test('a failure is told with why', () => {
    const failed = { type: 'message.advanced', ...of, messageId: uuid(8), status: 'failed' } as const
    const [payload, ...more] = tell({ ...failed, statuses: ['failed'], error: 'no such number' })
    expect(more).toEqual([])
    expect(payload?.event).toBe('message.failed')
    expect(attributesOf(payload!)).toMatchObject({ status: 'failed', error: 'no such number' })
  })

  test('what has no transport to wait for is sent at birth; what has one is told later', () => {
    const queued = { type: 'message.queued', ...said, direction: 'outbound' } as const
    expect(names(tell({ ...queued, status: 'sent' }))).toEqual(['message.sent'])
    expect(attributesOf(tell({ ...queued, status: 'sent' })[0]!)).toMatchObject({ status: 'sent' })
    expect(tell({ ...queued, status: 'pending' })).toEqual([])
    expect(tell({ ...queued, kind: 'system', status: 'sent' })).toEqual([])
    expect(tell({ ...queued, type: 'message.noted', kind: 'note', status: 'sent' })).toEqual([])
  })

  test('is the resource of the messages page', () => {
    const event: DomainEvent = {
      type: 'message.received',
      ...said,
      direction: 'inbound',
      status: 'delivered',
    }
    const inbound = { ...message, direction: 'inbound', status: 'delivered', sentAt: null, readAt: null }
    expect(JSON.parse(JSON.stringify(tell(event, { message: inbound })))).toEqual([
      {
        event: 'message.received',
        body: {
          ...{ id: `msg_${hex(8)}`, type: 'message' },
          attributes: {
            ...{ conversationId: `conv_${hex(4)}`, channelId: `ch_${hex(2)}`, direction: 'inbound' },
            ...{ from: '+4790000101', to: `ch_${hex(2)}`, content: { type: 'text', text: 'Hei' } },
            ...{ status: 'delivered', metadata: {}, externalId: 'p1', createdAt: '2026-05-01T10:00:00Z' },
            deliveredAt: '2026-05-01T10:05:00Z',
          },
        },
      },
    ])
  })
})

describe('conversations', () => {
  const opened = { type: 'conversation.opened', ...of, episodeId: uuid(9), by: anna } as const

  test('who has it is what the event says, whatever was read later', () => {
    const assigned = tell({ type: 'conversation.assigned', ...of, assignee: anna, previous: null, by: anna })
    expect(names(assigned)).toEqual(['conversation.assigned'])
    expect(attributesOf(assigned[0]!)).toMatchObject({
      assignee: { id: `user_${hex(5)}`, type: 'user', name: 'Anna' },
      assignedAt: '2026-05-01T10:05:00Z',
      assignedBy: { id: `user_${hex(5)}`, name: 'Anna' },
      channel: { id: `ch_${hex(2)}`, type: 'whatsapp', name: 'Front door' },
      tags: ['one'],
    })
    const [freed] = tell({ type: 'conversation.unassigned', ...of, previous: anna, by: anna })
    expect(freed?.event).toBe('conversation.updated')
    expect(attributesOf(freed!).assignee).toBeUndefined()
  })

  test('from a bot to somebody is a hand-off too', () => {
    const transferred = { type: 'conversation.transferred', ...of, by: anna } as const
    const payloads = tell({ ...transferred, assignee: anna, previous: botDoer })
    expect(names(payloads)).toEqual(['conversation.transferred', 'bot.handoff'])
    expect(attributesOf(payloads[0]!)).toMatchObject({
      previousAssignee: { id: `bot_${hex(6)}`, type: 'bot', name: 'Greeter' },
      transferredAt: '2026-05-01T10:05:00Z',
      transferredBy: { name: 'Anna' },
    })
    expect(attributesOf(payloads[1]!)).toMatchObject({
      bot: { id: `bot_${hex(6)}`, name: 'Greeter', active: false },
    })
    expect(names(tell({ ...transferred, assignee: botDoer, previous: anna }))).toEqual([
      'conversation.transferred',
    ])
    expect(names(tell({ ...transferred, assignee: anna, previous: null }))).toEqual([
      'conversation.transferred',
    ])
  })

  test('closed is closed, explained as long as nobody closed it anew', () => {
    const closed: DomainEvent = { type: 'conversation.closed', ...of, episodeId: uuid(9), by: anna }
    const withClosing = (closedAt: Date) => ({
      view: {
        ...view,
        conversation: { ...conversation, closedAt, resolution: 'spam', closureReason: 'ads' },
      },
    })
    const [same] = tell(closed, withClosing(THEN))
    expect(same?.event).toBe('conversation.closed')
    expect(attributesOf(same!)).toMatchObject({
      ...{ status: 'closed', closedAt: '2026-05-01T10:05:00Z', closedBy: { name: 'Anna' } },
      ...{ resolution: 'spam', closureReason: 'ads' },
    })
    const [other] = tell(closed, withClosing(LATER))
    expect(attributesOf(other!)).toMatchObject({ status: 'closed', closedAt: '2026-05-01T10:05:00Z' })
    expect(attributesOf(other!).resolution).toBeUndefined()
  })

  test('whoever had it when it was closed, or has it when it is opened, is told too', () => {
    const turned = (type: 'conversation.closed' | 'conversation.reopened', assignee?: Doer | null) => {
      const [payload] = tell({ type, ...of, episodeId: uuid(9), by: anna, assignee })
      return attributesOf(payload!).assignee
    }
    for (const type of ['conversation.closed', 'conversation.reopened'] as const) {
      expect(turned(type, anna)).toMatchObject({ type: 'user', name: 'Anna' })
      expect(turned(type, botDoer)).toMatchObject({ type: 'bot', name: 'Greeter' })
      expect(turned(type, null)).toBeUndefined()
      expect(turned(type)).toMatchObject({ name: 'Later' })
    }
    // The contact's message takes it from whoever had it.
    const [again] = tell({ ...opened, wasClosed: true })
    expect(attributesOf(again!).assignee).toBeUndefined()
  })

  test('a first message opens what is created; a later one opens it again', () => {
    expect(tell({ ...opened, wasClosed: false })).toEqual([])
    expect(tell(opened)).toEqual([])
    const [again] = tell({ ...opened, wasClosed: true })
    expect(again?.event).toBe('conversation.reopened')
    expect(attributesOf(again!)).toMatchObject({ status: 'open', reopenedAt: '2026-05-01T10:05:00Z' })
    const closedSince = { view: { ...view, conversation: { ...conversation, status: 'closed' } } }
    const [reopened] = tell({ ...opened, type: 'conversation.reopened' }, closedSince)
    expect(attributesOf(reopened!)).toMatchObject({ status: 'open', reopenedBy: { name: 'Anna' } })
  })

  test('is updated by what somebody who asks for it sees', () => {
    const updated = (changed: string[]) => tell({ type: 'conversation.updated', ...of, changed, by: anna })
    expect(names(updated(['tags']))).toEqual(['conversation.updated'])
    expect(attributesOf(updated(['priority'])[0]!).priority).toBe('high')
    expect(updated(['note', 'flags', 'unreadCount'])).toEqual([])
  })
})

describe('the rest', () => {
  test('a contact is created once, however many channels it is met on', () => {
    const created: DomainEvent = { type: 'contact.created', contactId: uuid(3), channelId: uuid(2) }
    expect(names(tell(created, { contact: { ...contact, createdAt: THEN } }))).toEqual(['contact.created'])
    const [met] = tell(created)
    expect(met?.event).toBe('contact.updated')
    expect(JSON.parse(JSON.stringify(attributesOf(met!)))).toEqual({
      ...{ name: 'Maja', phone: '+4790000101', tags: [], metadata: { vip: true } },
      ...{ createdAt: '2026-05-01T10:00:00Z', updatedAt: '2026-05-01T11:00:00Z' },
    })
  })

  test('a channel that was switched is told by what to, as it was then', () => {
    const updated = { type: 'channel.updated', channelId: uuid(2) } as const
    const [off] = tell({ ...updated, changed: ['status'], status: 'inactive' })
    expect(off?.event).toBe('channel.deactivated')
    expect(attributesOf(off!)).toMatchObject({ status: 'inactive', deactivatedAt: '2026-05-01T10:05:00Z' })
    const events = (['active', 'error', 'pending'] as const).flatMap((status) =>
      names(tell({ ...updated, changed: ['status'], status })),
    )
    expect(events).toEqual(['channel.activated', 'channel.error', 'channel.updated'])
    expect(names(tell({ ...updated, changed: ['name'] }))).toEqual(['channel.updated'])
    expect(tell({ type: 'channel.deleted', channelId: uuid(2) }, gone)).toEqual([
      {
        event: 'channel.deleted',
        body: { id: `ch_${hex(2)}`, type: 'channel', attributes: { deletedAt: '2026-05-01T10:05:00Z' } },
      },
    ])
  })

  test('what is gone is not told, nor what there is no word for', () => {
    const mute: DomainEvent[] = [
      { type: 'contact.deleted', contactId: uuid(3), conversationIds: [] },
      { type: 'conversation.grouped', ...of, groupId: uuid(1), previousGroupId: null, by: anna },
      { type: 'bot.deleted', botId: uuid(6) },
      { type: 'token.created', tokenId: uuid(1) },
      { type: 'webhook.paused', webhookId: uuid(1), reason: 'failing' },
      { type: 'review.requested', ...of, reviewId: uuid(1), messageId: uuid(8) },
    ]
    for (const event of mute) expect(tell(event), event.type).toEqual([])
    const lost: DomainEvent[] = [
      { type: 'message.received', ...said, direction: 'inbound', status: 'delivered' },
      { type: 'conversation.created', ...of, contactId: uuid(3), channelId: uuid(2) },
      { type: 'contact.updated', contactId: uuid(3), changed: ['name'] },
      { type: 'channel.created', channelId: uuid(2) },
      { type: 'bot.created', botId: uuid(6) },
    ]
    for (const event of lost) {
      expect(tell(event), event.type).toHaveLength(1)
      expect(tell(event, gone), event.type).toEqual([])
    }
  })

  test('every word it says can be asked for, and is asked for once', () => {
    expect(new Set(linktorSpeech.events).size).toBe(linktorSpeech.events.length)
    expect(linktorSpeech.events).toHaveLength(29)
    const bot = tell({ type: 'bot.updated', botId: uuid(6) })
    expect(linktorSpeech.events).toEqual(expect.arrayContaining(names(bot)))
  })
})

/** As on the documentation's page, but for the clock. */
function verifyWebhookSignature(payload: string, signature: string, timestamp: string, secret: string) {
  const signedPayload = `${timestamp}.${payload}`
  const expectedSignature = createHmac('sha256', secret).update(signedPayload).digest('hex')
  const providedSig = signature.replace('sha256=', '')
  return timingSafeEqual(Buffer.from(expectedSignature), Buffer.from(providedSig))
}

describe('a delivery', () => {
  const [payload] = tell({ type: 'conversation.created', ...of, contactId: uuid(3), channelId: uuid(2) })
  const told = telling({ type: 'conversation.created', ...of, contactId: uuid(3), channelId: uuid(2) })
  const addressed = { webhookId: uuid(9), eventKey: 'evt_42' }
  const body = JSON.stringify(linktorSpeech.address?.(payload!, addressed, told))
  const signing: Signing = {
    ...{ signature: 'timestamped', secrets: ['whsec_new', 'whsec_old'], timestamp: 1_777_000_000 },
    ...{ deliveryId: uuid(8), eventKey: 'evt_42', event: 'conversation.created', body },
  }

  test('is enclosed as documented', () => {
    const parsed = JSON.parse(body)
    expect(Object.keys(parsed)).toEqual(['id', 'event', 'timestamp', 'data', 'meta'])
    expect(parsed).toMatchObject({
      id: 'evt_42',
      event: 'conversation.created',
      timestamp: '2026-05-01T10:05:00Z',
    })
    expect(parsed.meta).toEqual({ organizationId: `org_${hex(1)}`, webhookId: `wh_${hex(9)}` })
    expect(Object.keys(parsed.data)).toEqual(['id', 'type', 'attributes'])
  })

  test('proves itself to the documentation’s example, which signs what it has parsed', () => {
    const headers = linktorSpeech.sign(signing)
    const reserialised = JSON.stringify(JSON.parse(body))
    expect(reserialised).toBe(body)
    const { 'X-Linktor-Signature': signature = '', 'X-Linktor-Timestamp': timestamp = '' } = headers
    expect(signature).toMatch(/^sha256=[0-9a-f]{64}$/)
    expect(verifyWebhookSignature(reserialised, signature, timestamp, 'whsec_new')).toBe(true)
    expect(verifyWebhookSignature(reserialised, signature, timestamp, 'whsec_old')).toBe(false)
    expect(verifyWebhookSignature(`${reserialised} `, signature, timestamp, 'whsec_new')).toBe(false)
    expect(headers).toMatchObject({
      ...{ 'X-Linktor-Event': 'conversation.created', 'X-Linktor-Delivery-Id': `del_${hex(8)}` },
      ...{ 'webhook-id': 'evt_42', 'webhook-timestamp': '1777000000', 'X-Linktor-Timestamp': '1777000000' },
    })
  })

  test('and to the SDKs, which look at the body alone', () => {
    const { 'X-Linktor-Signature': signature } = linktorSpeech.sign({ ...signing, signature: 'body' })
    expect(signature).toBe(createHmac('sha256', 'whsec_new').update(body).digest('hex'))
  })

  test('is not sent unsigned', () => {
    expect(() => linktorSpeech.sign({ ...signing, secrets: [] })).toThrow(/not signed/)
  })
})

test('a test of any event is a resource of its kind, and nobody’s', () => {
  const asked = { eventKey: 'test_1', at: THEN, account } as unknown as Parameters<
    typeof linktorSpeech.test
  >[1]
  const ping = linktorSpeech.test({ id: uuid(9) }, asked)
  expect(ping).toEqual({
    event: 'test.ping',
    body: {
      ...{ id: 'test_1', event: 'test.ping', timestamp: '2026-05-01T10:05:00Z' },
      data: { id: `wh_${hex(9)}`, type: 'webhook', attributes: {} },
      meta: { organizationId: `org_${hex(1)}`, webhookId: `wh_${hex(9)}` },
    },
  })
  const types: Record<string, string> = { test: 'webhook', 'bot.handoff': 'conversation' }
  for (const event of linktorSpeech.events) {
    const { body } = linktorSpeech.test({ id: uuid(9) }, { ...asked, event }) as {
      body: { event: string; data: { type: string; id: string } }
    }
    const [family = ''] = event.split('.')
    expect(body.event).toBe(event)
    expect(body.data.type).toBe(types[event] ?? types[family] ?? family)
    expect(body.data.id).toMatch(event === 'test.ping' ? /^wh_/ : /_0{32}$/)
  }
})
