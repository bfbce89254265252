import type { Static, TObject } from 'typebox'
import { Type } from 'typebox'
import type { Doer } from '../../../domain/actor.ts'
import type { DomainEvent } from '../../../domain/events.ts'
import type { AuthorKind, Direction, MessageKind, MessageStatus } from '../../../domain/message.ts'
import type { WebhookPause } from '../../../domain/webhook.ts'

const id = (example: string) => Type.String({ description: `\`${example}_…\`` })
const word = <Word extends string>(words: Word[]) => Type.Unsafe<Word>({ type: 'string', enum: words })
const nullable = <Schema extends TObject | ReturnType<typeof id>>(schema: Schema) =>
  Type.Union([schema, Type.Null()])

const Somebody = Type.Object(
  {
    kind: word<Doer['kind']>(['operator', 'bot', 'contact', 'token', 'system']),
    id: nullable(
      Type.String({ description: '`op_…`, `bot_…`, `contact_…` or `token_…`; null for the system.' }),
    ),
    name: Type.String(),
  },
  { description: 'Who, by the name they had then.' },
)
export type SomebodyBody = Static<typeof Somebody>

const changed = Type.Array(Type.String(), { description: 'Names of the fields that have new values.' })
const party = Type.Object({ contactId: id('contact'), channelId: id('ch') })
const assignment = Type.Object({ assignee: Somebody, previous: nullable(Somebody), by: Somebody })
const opening = Type.Object({ episodeId: id('ep'), by: Somebody })
const review = Type.Object({ reviewId: id('review'), messageId: id('msg') })
const operator = Type.Object({ operatorId: id('op') })
const status = word<MessageStatus>(['pending', 'sent', 'delivered', 'read', 'failed'])
const message = Type.Object({
  messageId: id('msg'),
  seq: Type.Integer({ description: 'Place in its conversation: 1, 2, 3 … without holes.' }),
  kind: word<MessageKind>([
    ...(['text', 'image', 'file', 'audio', 'video', 'location', 'template', 'buttons'] as const),
    ...(['note', 'review', 'system'] as const),
  ]),
  direction: word<Direction>(['inbound', 'outbound']),
  author: word<AuthorKind>(['contact', 'operator', 'bot', 'system']),
  status: Type.Optional(status),
})
const token = Type.Object({ tokenId: id('token') })
const group = Type.Object({ groupId: id('group') })
const role = Type.Object({ roleId: id('role') })
const bot = Type.Object({ botId: id('bot') })
const webhook = Type.Object({ webhookId: id('wh') })
const invitation = Type.Object({ invitationId: id('inv') })

/** What each event tells besides its conversation. An event of the core that is missing here does not compile. */
const DATA = {
  'contact.created': Type.Object({ contactId: id('contact'), channelId: nullable(id('ch')) }),
  'contact.updated': Type.Object({ contactId: id('contact'), changed }),
  'conversation.created': party,
  'conversation.opened': opening,
  'conversation.assigned': assignment,
  'conversation.transferred': assignment,
  'conversation.unassigned': Type.Object({ previous: nullable(Somebody), by: Somebody }),
  'conversation.grouped': Type.Object({
    groupId: id('group'),
    previousGroupId: nullable(id('group')),
    by: Somebody,
  }),
  'conversation.closed': Type.Object({ episodeId: nullable(id('ep')), by: Somebody }),
  'conversation.reopened': opening,
  'conversation.updated': Type.Object({ changed, by: Somebody }),
  'message.received': message,
  'message.queued': message,
  'message.noted': message,
  'message.advanced': Type.Object({
    messageId: id('msg'),
    status,
    statuses: Type.Array(status, {
      description: 'All that were reached at once, in order; `status` is the last.',
    }),
    error: nullable(Type.String({ description: 'Why it failed; null while it did not.' })),
  }),
  'review.requested': review,
  'review.rated': review,
  'review.confirmed': review,
  'operator.created': operator,
  'operator.updated': operator,
  'operator.deleted': operator,
  'channel.created': Type.Object({ channelId: id('ch') }),
  'channel.updated': Type.Object({ channelId: id('ch'), changed }),
  'channel.deleted': Type.Object({ channelId: id('ch') }),
  'group.created': group,
  'group.updated': Type.Object({ groupId: id('group'), changed }),
  'group.deleted': group,
  'role.created': role,
  'role.updated': role,
  'role.deleted': role,
  'bot.created': bot,
  'bot.updated': bot,
  'bot.deleted': bot,
  'account.updated': Type.Object({ changed }),
  'invitation.created': invitation,
  'invitation.accepted': invitation,
  'invitation.revoked': invitation,
  'contact.deleted': Type.Object({
    contactId: id('contact'),
    conversationIds: Type.Array(id('conv'), { description: 'Gone with it, messages and files too.' }),
  }),
  'token.created': token,
  'token.revoked': token,
  'webhook.created': webhook,
  'webhook.updated': Type.Object({ webhookId: id('wh'), changed }),
  'webhook.deleted': webhook,
  'webhook.paused': Type.Object({
    webhookId: id('wh'),
    reason: Type.Unsafe<WebhookPause>({
      type: 'string',
      enum: ['gone', 'failing'],
      description: 'It answered 410, or did nothing but fail for days.',
    }),
  }),
  'webhook.resumed': webhook,
  'webhook.replayed': Type.Object({
    webhookId: id('wh'),
    count: Type.Integer({ description: 'Deliveries that are told again.' }),
  }),
} satisfies Record<DomainEvent['type'], TObject>

export type EventType = DomainEvent['type']
/** What an event of this type tells besides its conversation. */
export type EventData = { [Type in EventType]: Static<(typeof DATA)[Type]> }

const eventOf = (type: string, data: TObject) =>
  Type.Object({
    id: Type.String({ description: '`evt_…`; told again, an event has the same id.' }),
    type: Type.Literal(type),
    occurredAt: Type.String({ format: 'date-time' }),
    silent: Type.Boolean({ description: 'Whoever did it wished that webhooks do not tell it.' }),
    ...(/^(conversation|message|review)\./.test(type) && { conversationId: id('conv') }),
    data,
  })

export interface EventBody {
  id: string
  type: EventType
  occurredAt: string
  silent: boolean
  conversationId?: string
  data: EventData[EventType] | Record<string, never>
}

export const EventList = Type.Object({
  events: Type.Array(Type.Union(Object.entries(DATA).map(([type, data]) => eventOf(type, data)))),
  cursor: Type.String({ description: 'Where to go on, also when there are no events: the next `after`.' }),
  hasMore: Type.Boolean({ description: 'More is there already.' }),
})
export interface EventListBody {
  events: EventBody[]
  cursor: string
  hasMore: boolean
}
