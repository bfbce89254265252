import type { Payload, Telling } from '../../application/ports/webhook-dialect.ts'
import type { ChannelStatus } from '../../domain/channel.ts'
import type { DomainEvent } from '../../domain/events.ts'
import type { MessageStatus } from '../../domain/message.ts'
import { isInternal } from '../../domain/message.ts'
import { writeId } from './ids.ts'
import * as told from './present-told.ts'
import type { Told } from './present-told.ts'
import { writeTime } from './time.ts'
import type { WebhookEvent } from './webhook-events.ts'

type EventType = DomainEvent['type']
/** The members of the union that an event of these types can be. */
type EventOf<Type extends EventType> = Type extends EventType ? Containing<DomainEvent, Type> : never
type Containing<Event, Type> = Event extends { type: infer Types }
  ? Type extends Types
    ? Event
    : never
  : never

/** What an event is told as, in order. Whatever is gone when it is told has no data, and is not told. */
type Render<Type extends EventType> = (event: EventOf<Type>, telling: Telling) => Said[]
type Said = [event: WebhookEvent, data: Told | null]

const STATUS_EVENTS: Record<MessageStatus, WebhookEvent | null> = {
  pending: null,
  sent: 'message.sent',
  delivered: 'message.delivered',
  read: 'message.read',
  failed: 'message.failed',
}

function advance(telling: Telling, statuses: readonly MessageStatus[], error: string | null): Said[] {
  return statuses.flatMap((status): Said[] => {
    const event = STATUS_EVENTS[status]
    if (!event) return []
    return [[event, told.tellMessage(telling, status, status === 'failed' ? error : null)]]
  })
}

/** What somebody who asks for a conversation would see changed; that it was read is none of that. */
const SHOWN = new Set(['status', 'priority', 'metadata', 'tags'])

const CHANNEL_EVENTS: Record<ChannelStatus, WebhookEvent> = {
  active: 'channel.activated',
  inactive: 'channel.deactivated',
  error: 'channel.error',
  pending: 'channel.updated',
}

function channelFacts(status: ChannelStatus | undefined, { recorded }: Telling): object {
  const at = writeTime(recorded.occurredAt)
  if (status === 'active') return { status, activatedAt: at }
  if (status === 'inactive') return { status, deactivatedAt: at }
  return status ? { status } : {}
}

const contactOf = ({ contact, origin }: Telling) => contact && told.tellContact(contact, { origin })
const conversation =
  (event: WebhookEvent) =>
  (_: unknown, telling: Telling): Said[] => [[event, told.tellConversation(telling, {})]]
const reopened = (event: Parameters<typeof told.reopenedFacts>[1], telling: Telling): Said[] => [
  ['conversation.reopened', told.tellConversation(telling, told.reopenedFacts(telling, event))],
]
const bot =
  (event: WebhookEvent) =>
  (_: unknown, telling: Telling): Said[] => [[event, telling.bot && told.tellBot(telling.bot)]]

/** Null: the documentation has no word for it. */
const RENDERERS: { [Type in EventType]: Render<Type> | null } = {
  // The log says it too of somebody known who is met on another channel; here that is one contact, and known.
  'contact.created': (_, telling) => {
    const isNew = telling.contact?.createdAt.getTime() === telling.recorded.occurredAt.getTime()
    return [[isNew ? 'contact.created' : 'contact.updated', contactOf(telling)]]
  },
  'contact.updated': (_, telling) => [['contact.updated', contactOf(telling)]],
  'contact.deleted': null,
  'conversation.created': conversation('conversation.created'),
  // The first message of a new one opens it too, and that one is created.
  'conversation.opened': (event, telling) =>
    event.wasClosed ? reopened({ ...event, assignee: null }, telling) : [],
  'conversation.reopened': reopened,
  'conversation.closed': (event, telling) => [
    ['conversation.closed', told.tellConversation(telling, told.closedFacts(telling, event))],
  ],
  'conversation.assigned': (event, telling) => [
    ['conversation.assigned', told.tellConversation(telling, told.assignedFacts(telling, event))],
  ],
  'conversation.transferred': (event, telling) => {
    const { assignee, previous } = event
    const transferred = told.tellConversation(telling, told.transferredFacts(telling, event))
    if (previous?.kind !== 'bot' || assignee.kind !== 'operator')
      return [['conversation.transferred', transferred]]
    const by = { id: writeId('bot', previous.id ?? ''), name: previous.name, active: false }
    const handed = told.tellConversation(telling, { ...told.handedFacts(assignee), bot: by })
    return [
      ['conversation.transferred', transferred],
      ['bot.handoff', handed],
    ]
  },
  'conversation.unassigned': (_, telling) => [
    [
      'conversation.updated',
      told.tellConversation(telling, { ...told.handedFacts(null), ...told.updatedFacts(telling) }),
    ],
  ],
  'conversation.grouped': null,
  'conversation.updated': ({ changed }, telling) =>
    changed.some((field) => SHOWN.has(field))
      ? [['conversation.updated', told.tellConversation(telling, told.updatedFacts(telling))]]
      : [],
  'message.received': ({ status }, telling) => [
    ['message.received', told.tellMessage(telling, status ?? 'delivered', null)],
  ],
  // What waits for its transport is told when that has taken it.
  'message.queued': ({ status, kind }, telling) =>
    status && !isInternal(kind) ? advance(telling, [status], null) : [],
  'message.noted': null,
  'message.advanced': ({ status, statuses, error }, telling) => advance(telling, statuses ?? [status], error),
  'review.requested': null,
  'review.rated': null,
  'review.confirmed': null,
  'operator.created': null,
  'operator.updated': null,
  'operator.deleted': null,
  'channel.created': (_, telling) => [
    ['channel.created', telling.channel && told.tellChannel(telling.channel, {})],
  ],
  'channel.updated': ({ changed, status }, telling) => {
    const { channel } = telling
    const isSwitched = changed.includes('status')
    const to = isSwitched ? (status ?? channel?.status) : undefined
    const event = to ? CHANNEL_EVENTS[to] : 'channel.updated'
    return [[event, channel && told.tellChannel(channel, channelFacts(to, telling))]]
  },
  'channel.deleted': ({ channelId }, { recorded }) => [
    [
      'channel.deleted',
      { ...told.named('channel', channelId), attributes: { deletedAt: writeTime(recorded.occurredAt) } },
    ],
  ],
  'group.created': null,
  'group.updated': null,
  'group.deleted': null,
  'role.created': null,
  'role.updated': null,
  'role.deleted': null,
  'bot.created': bot('bot.created'),
  'bot.updated': bot('bot.updated'),
  'bot.deleted': null,
  'account.updated': null,
  'invitation.created': null,
  'invitation.accepted': null,
  'invitation.revoked': null,
  'token.created': null,
  'token.revoked': null,
  'webhook.created': null,
  'webhook.updated': null,
  'webhook.deleted': null,
  'webhook.paused': null,
  'webhook.resumed': null,
  'webhook.replayed': null,
}

/** What an event is told as in this dialect's words; nothing for what it has no word for, and for what is gone. */
export function render(telling: Telling): Payload[] {
  const { event } = telling.recorded
  // An event is of its own type; the table cannot say so for all of them at once.
  const renderer = RENDERERS[event.type] as ((of: DomainEvent, telling: Telling) => Said[]) | null
  const said = renderer?.(event, telling) ?? []
  return said.flatMap(([name, data]) => (data ? [{ event: name, body: data }] : []))
}
