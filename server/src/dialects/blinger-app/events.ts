import type { Payload, Telling, WebhookSpeech } from '../../application/ports/webhook-dialect.ts'
import type { Doer } from '../../domain/actor.ts'
import type { DomainEvent } from '../../domain/events.ts'
import { isInternal } from '../../domain/message.ts'
import type { Operator } from '../../domain/operator.ts'
import type { ConversationView } from '../../domain/view.ts'
import { standardHeaders, standardNames } from '../../platform/standard-webhooks.ts'
import { presentTellingClient, presentTold, presentToldMessage, type ToldState } from './present-webhook.ts'

/** The vendor publishes the first three; the other five are headings on its page, and the names are ours. */
const NAMES = {
  unassigned: 'on_conversation_unassigned',
  assigned: 'on_conversation_assigned',
  closed: 'on_conversation_closed',
  incomingMessage: 'on_incoming_message',
  outgoingMessage: 'on_outgoing_message',
  incomingComment: 'on_incoming_comment',
  outgoingComment: 'on_outgoing_comment',
  newClient: 'on_new_client',
} as const

/** A telling of a conversation that is there. */
type Viewed = Telling & { view: ConversationView }

type Types = DomainEvent['type']
type EventOf<Type extends Types> = Type extends Types ? Containing<DomainEvent, Type> : never
type Containing<Event, Type> = Event extends { type: infer Named }
  ? Type extends Named
    ? Event
    : never
  : never
type Words = { [Type in Types]: ((event: EventOf<Type>, telling: Viewed) => Payload[]) | null }

const payload = (webhook: string, body: object): Payload => ({ event: webhook, body: { webhook, ...body } })

const told = (name: string, telling: Viewed, state: ToldState, more: object = {}): Payload =>
  payload(name, { conversation: { ...presentTold(telling, state), ...more } })

const unassigned = (telling: Viewed): Payload =>
  told(NAMES.unassigned, telling, { status: 'unassigned', operator: null })

const assigned = (telling: Viewed, assignee: Doer): Payload =>
  told(NAMES.assigned, telling, { status: 'inbox', operator: operatorOf(telling, assignee) })

/** The operator an event names; null when it is gone for good. */
function operatorOf({ operators, view }: Viewed, { id }: Doer): Operator | null {
  return (id === null ? null : operators.get(id)) ?? (view.assignee?.id === id ? view.assignee : null)
}

const isOperator = (somebody: Doer | null | undefined): somebody is Doer => somebody?.kind === 'operator'

/** A bot is nobody to the vendor: what goes to one is unassigned, and what it had was so before. */
function given(event: EventOf<'conversation.assigned' | 'conversation.transferred'>, telling: Viewed) {
  if ('isClosed' in event && event.isClosed) return []
  if (isOperator(event.assignee)) return [assigned(telling, event.assignee)]
  return isOperator(event.previous) ? [unassigned(telling)] : []
}

/** Whether the contact's own message made the conversation: both are of one moment. */
function isBegunByContact({ conversation }: ConversationView): boolean {
  const { isOutgoing, firstMessageAt, createdAt } = conversation
  return !isOutgoing && firstMessageAt?.getTime() === createdAt.getTime()
}

function begun(telling: Viewed): Payload[] {
  const { assignedAt, createdAt } = telling.view.conversation
  const isGiven = assignedAt?.getTime() === createdAt.getTime()
  return isGiven || isBegunByContact(telling.view) ? [] : [unassigned(telling)]
}

function opened({ wasClosed }: EventOf<'conversation.opened'>, telling: Viewed): Payload[] {
  const client = () => presentTellingClient(telling.view, telling.origin)
  const isNew = wasClosed === false
  return [...(isNew ? [payload(NAMES.newClient, { client: client() })] : []), unassigned(telling)]
}

function reopened({ assignee }: EventOf<'conversation.reopened'>, telling: Viewed): Payload[] {
  if (assignee === undefined) return []
  return [isOperator(assignee) ? assigned(telling, assignee) : unassigned(telling)]
}

function closed({ assignee }: EventOf<'conversation.closed'>, telling: Viewed): Payload[] {
  const operator = isOperator(assignee) ? operatorOf(telling, assignee) : null
  const messages = telling.episodeMessages.map((message) => presentToldMessage(message, telling))
  return [told(NAMES.closed, telling, { status: 'closed', operator }, { messages })]
}

const said =
  (name: string) =>
  ({ kind, status }: EventOf<'message.received' | 'message.queued'>, telling: Viewed): Payload[] => {
    if (!telling.message || isInternal(kind)) return []
    const conversation = presentTold(telling, {})
    return [payload(name, { conversation, message: presentToldMessage(telling.message, telling, status) })]
  }

/** Null is what the vendor has no words for: moving to a group, notes, receipts, and all that is no conversation. */
const WORDS: Words = {
  'conversation.created': (_event, telling) => begun(telling),
  'conversation.opened': opened,
  'conversation.reopened': reopened,
  'conversation.assigned': given,
  'conversation.transferred': given,
  'conversation.unassigned': ({ previous, isClosed }, telling) =>
    isOperator(previous) && !isClosed ? [unassigned(telling)] : [],
  'conversation.closed': closed,
  'conversation.grouped': null,
  'conversation.updated': null,
  'message.received': said(NAMES.incomingMessage),
  'message.queued': said(NAMES.outgoingMessage),
  'message.noted': null,
  'message.advanced': null,
  'contact.created': null,
  'contact.updated': null,
  'contact.deleted': null,
  'review.requested': null,
  'review.rated': null,
  'review.confirmed': null,
  'operator.created': null,
  'operator.updated': null,
  'operator.deleted': null,
  'channel.created': null,
  'channel.updated': null,
  'channel.deleted': null,
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
  const tell = words as ((event: DomainEvent, telling: Viewed) => Payload[]) | null
  return tell && telling.view ? tell(event, { ...telling, view: telling.view }) : []
}

/** Blinger's webhooks, version 1.0. */
export const blingerSpeech: WebhookSpeech = {
  events: Object.values(NAMES),
  render,
  // The vendor documents no test; it dispatches by `webhook`, and this is none of its words.
  test: () => payload('test', {}),
  sign: ({ signature, secrets, timestamp, eventKey: id, body }) =>
    signature === 'standard'
      ? standardHeaders({ id, timestamp, body }, secrets)
      : standardNames({ id, timestamp }),
  signatures: ['none', 'standard'],
  isSilenced: true,
  hasSucceeded: (status) => status === 200,
  pauses: [10, 60, 300, 1800, 7200],
  jitter: 0.1,
  timeoutMs: 10_000,
  isPausedByFailure: true,
}
