import type { Payload, Telling, WebhookSpeech } from '../../application/ports/webhook-dialect.ts'
import type { DomainEvent } from '../../domain/events.ts'
import { isInternal, type Message } from '../../domain/message.ts'
import type { ConversationView } from '../../domain/view.ts'
import { standardHeaders, standardNames } from '../../platform/standard-webhooks.ts'
import {
  tellAck,
  tellJob,
  tellNewConversation,
  tellNewMessage,
  tellSystem,
  tellUpdate,
} from './present-webhook.ts'

/** What is told, as `type/event`; `system` has no event. */
const TOLD = [
  ...['conversation/new', 'conversation/update', 'message/new', 'message/ack', 'job/executed'],
  'system',
]

/** Words of v1 that nothing here ever means: there are neither QR codes nor groups. */
const NEVER_TOLD = [
  ...['qr_code/new', 'group_conversation/new', 'group_message/new', 'group_message/ack'],
  'group_conversation_contact/new',
]

type Types = DomainEvent['type']
type EventOf<Type extends Types> = Type extends Types ? Containing<DomainEvent, Type> : never
type Containing<Event, Type> = Event extends { type: infer Named }
  ? Type extends Named
    ? Event
    : never
  : never
type Words = { [Type in Types]: ((event: EventOf<Type>, telling: Telling) => Payload[]) | null }

/** A telling of a message that is there. */
type OfMessage = Telling & { view: ConversationView; message: Message }

const hasMessage = (telling: Telling): telling is OfMessage =>
  telling.view !== null && telling.message !== null

/** A conversation is new to Pact with its first message. */
function tellMessage(telling: OfMessage, jobId: number | null): Payload[] {
  const told = tellNewMessage(telling.message, telling, jobId)
  return telling.isFirstMessage ? [tellNewConversation(telling), told] : [told]
}

function received({ kind }: EventOf<'message.received'>, telling: Telling): Payload[] {
  return hasMessage(telling) && !isInternal(kind) ? tellMessage(telling, null) : []
}

/** Ours is told once it is delivered; what nobody will report on, because it has no way to go, is told at once. */
function queued({ kind, status }: EventOf<'message.queued'>, telling: Telling): Payload[] {
  if (!hasMessage(telling) || isInternal(kind) || status !== 'sent') return []
  const isReported = telling.view.channel.transport === 'webchat' && !telling.message.isEcho
  return isReported ? [] : tellMessage(telling, null)
}

function advanced(event: EventOf<'message.advanced'>, telling: Telling): Payload[] {
  if (!hasMessage(telling)) return []
  const { message, recorded } = telling
  const jobId = message.dispatchNumber
  const statuses = event.statuses ?? [event.status]
  if (event.status === 'failed')
    return jobId === null ? [] : [tellJob(jobId, { reason: event.error ?? 'unknown' }, recorded.occurredAt)]
  // Some transports only report the reading.
  const isRead = statuses.includes('read')
  const isDelivered = statuses.includes('delivered') || (isRead && message.deliveredAt === null)
  const done =
    isDelivered && jobId !== null
      ? [...tellMessage(telling, jobId), tellJob(jobId, { message }, recorded.occurredAt)]
      : []
  return [
    ...done,
    ...(isDelivered ? [tellAck(message, telling, 'delivered')] : []),
    ...(isRead ? [tellAck(message, telling, 'read')] : []),
  ]
}

/** What a contact is called or shown with. */
const SHOWN = ['name', 'customName', 'avatar']

function renamed({ changed }: EventOf<'contact.updated'>, { contactViews = [], origin }: Telling): Payload[] {
  const isSeen = changed.some((field) => SHOWN.includes(field))
  return isSeen ? contactViews.map((view) => tellUpdate({ view, origin })) : []
}

function switched(event: EventOf<'channel.updated'>, { channel, recorded }: Telling): Payload[] {
  const { status } = event
  if (!channel || (status !== 'active' && status !== 'inactive')) return []
  return [tellSystem(channel.number, status === 'active' ? 'authorized' : 'disabled', recorded.occurredAt)]
}

/** Null is what v1 has no words for: who has a conversation, whether it is closed, and who works here. */
const WORDS: Words = {
  'message.received': received,
  'message.queued': queued,
  'message.advanced': advanced,
  'message.noted': null,
  'contact.updated': renamed,
  'contact.created': null,
  'contact.deleted': null,
  'channel.updated': switched,
  'channel.created': null,
  'channel.deleted': null,
  'conversation.created': null,
  'conversation.opened': null,
  'conversation.reopened': null,
  'conversation.assigned': null,
  'conversation.transferred': null,
  'conversation.unassigned': null,
  'conversation.closed': null,
  'conversation.grouped': null,
  'conversation.updated': null,
  'review.requested': null,
  'review.rated': null,
  'review.confirmed': null,
  'operator.created': null,
  'operator.updated': null,
  'operator.deleted': null,
  'group.created': null,
  'group.updated': null,
  'group.deleted': null,
  'role.created': null,
  'role.updated': null,
  'role.deleted': null,
  'bot.created': null,
  'bot.updated': null,
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

function render(telling: Telling): Payload[] {
  const { event } = telling.recorded
  // While two releases run together one may not know what the other records.
  const words = Object.hasOwn(WORDS, event.type) ? WORDS[event.type] : null
  const tell = words as ((event: DomainEvent, telling: Telling) => Payload[]) | null
  return tell ? tell(event, telling) : []
}

/** Webhooks of Pact's API v1. */
export const pactSpeech: WebhookSpeech = {
  events: [...TOLD, ...NEVER_TOLD],
  render,
  test: () => ({ event: 'test', body: { source: 'pact.im', operation: 'test' } }),
  sign: ({ signature, secrets, timestamp, eventKey: id, body }) =>
    signature === 'standard'
      ? standardHeaders({ id, timestamp, body }, secrets)
      : standardNames({ id, timestamp }),
  signatures: ['none', 'standard'],
  isSilenced: false,
  hasSucceeded: (status) => status === 200,
  // Ten repeats, a minute apart.
  pauses: Array.from({ length: 10 }, () => 60),
  jitter: 0,
  timeoutMs: 20_000,
  isPausedByFailure: true,
}
