import type { Telling } from '../../application/ports/webhook-dialect.ts'
import { displayName } from '../../domain/contact.ts'
import type { Message, MessageStatus } from '../../domain/message.ts'
import type { Operator } from '../../domain/operator.ts'
import type { ConversationView } from '../../domain/view.ts'
import { APPLICATIONS, MESSAGE_STATUSES } from './codes.ts'
import { statusOf } from './present.ts'
import { fileUrl, seconds, wireText, wireType } from './present-message.ts'

/** Where the vendor has its default picture; `files` serves ours there. */
const NO_AVATAR = '/images/users/no-user.png'

/** What a conversation is told as when the event itself says so; what is left out is as it was read. */
export interface ToldState {
  status?: 'closed' | 'inbox' | 'unassigned'
  /** Null is nobody. */
  operator?: Operator | null
}

type About = Pick<Telling, 'recorded' | 'origin'> & { view: ConversationView }

/** The conversation of a webhook, up to its client. `date_updated` is the event's: it is what changed the conversation. */
export function presentTold({ view, recorded, origin }: About, state: ToldState) {
  const status = state.status ?? statusOf(view.conversation)
  const holder = state.operator === undefined ? view.assignee : state.operator
  const operator = status === 'unassigned' ? null : holder
  return {
    id: view.conversation.number,
    application: APPLICATIONS[view.channel.kind],
    status,
    date_created: seconds(view.conversation.createdAt),
    date_updated: seconds(recorded.occurredAt),
    ...(operator && { operator: presentOperator(operator) }),
    from_user: presentTellingClient(view, origin),
  }
}

function presentOperator({ number, name, email }: Operator) {
  return { id: number, name, email }
}

/** Never without a picture. Only a web chat knows pages. */
export function presentTellingClient({ channel, contact, identity }: ConversationView, origin: string) {
  const page = { page_title: identity.pageTitle, page_url: identity.pageUrl }
  return {
    user_id: identity.number,
    role: 'default',
    title: displayName(contact, identity, channel.kind),
    avatar: fileUrl(contact.avatar, origin) ?? origin + NO_AVATAR,
    ...(channel.kind === 'webchat' && page),
    status: 'enabled',
    service_user_id: identity.externalId,
    date_created: seconds(identity.createdAt),
  }
}

/** A message of a webhook. `status` is the one it was born with, where the event says so. */
export function presentToldMessage(
  message: Message,
  { view, origin }: About,
  status: MessageStatus = message.status,
) {
  const { channel, identity } = view
  const isOutgoing = message.direction === 'outbound'
  const from = isOutgoing ? channel.number : identity.number
  const to = isOutgoing ? identity.number : channel.number
  return {
    id: message.number,
    from_blinger_user_id: from,
    to_blinger_user_id: to,
    from_user_id: from,
    to_user_id: to,
    application: APPLICATIONS[channel.kind],
    type: wireType(message),
    message: wireText(message, origin),
    is_outgoing: isOutgoing,
    status: MESSAGE_STATUSES[status],
    date_created: seconds(message.createdAt),
    date_updated: seconds(message.updatedAt),
    ...(message.authorNumber !== null && { operator_id: message.authorNumber }),
  }
}
