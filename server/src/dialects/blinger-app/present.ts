import type { QueueRow } from '../../application/ports/reader.ts'
import type { CreatedOperator } from '../../application/operators/create-operator.ts'
import type { Account } from '../../domain/account.ts'
import { ownName } from '../../domain/contact.ts'
import type { Conversation } from '../../domain/conversation.ts'
import { isTaken } from '../../domain/conversation.ts'
import type { Group } from '../../domain/group.ts'
import type { Message } from '../../domain/message.ts'
import type { Operator } from '../../domain/operator.ts'
import type { ConversationView } from '../../domain/view.ts'
import { APPLICATIONS } from './codes.ts'
import { fileUrl, presentMessageRow, seconds, secondsOrNull, wireText } from './present-message.ts'
import { presentChannelUser, presentParty } from './present-user.ts'
import type * as Wire from './schema/responses.ts'

/** Every success. */
export function succeed<Data>(data: Data): { status: 200; data: Data } {
  return { status: 200, data }
}

export function statusOf(conversation: Conversation): 'closed' | 'inbox' | 'unassigned' {
  if (conversation.status === 'closed') return 'closed'
  return isTaken(conversation) ? 'inbox' : 'unassigned'
}

/** The full form, in the order of the vendor's page. */
export function presentConversation(view: ConversationView, origin: string): Wire.Conversation {
  const { conversation, account, channel, contact, identity } = view
  return {
    id: conversation.number,
    user_id: account.ownerNumber,
    operator_user_id: view.assignee?.number ?? null,
    from_blinger_user_id: identity.number,
    to_blinger_user_id: channel.number,
    from_user_name: ownName(contact, identity, channel.kind),
    to_user_name: channel.name,
    application: APPLICATIONS[channel.kind],
    last_message: view.lastMessage && wireText(view.lastMessage, origin),
    unread_count: conversation.unreadCount,
    status: statusOf(conversation),
    date_created: seconds(conversation.createdAt),
    date_updated: seconds(conversation.updatedAt),
    from_user_avatar: fileUrl(contact.avatar, origin),
    is_outgoing: conversation.isOutgoing,
    token: conversation.token,
    is_new_conversation: conversation.isNew,
    waiting_operator_response: conversation.isWaiting,
    group_id: view.group?.number ?? null,
    is_inner_message: conversation.isNoteLast || null,
    is_operator_last_message: conversation.isOperatorLast,
    ...NOT_HERE,
    unassigned_date: secondsOrNull(conversation.unassignedAt),
    last_message_date: secondsOrNull(conversation.lastMessageAt),
    from_user_custom_name: contact.customName,
    toBlingerUser: presentChannelUser(channel, { accountNumber: account.number, origin }),
  }
}

/** Keyword distribution and comments, which this server does not have. */
const NOT_HERE = {
  is_group_closed: false,
  close_group: null,
  type: 'message',
  comment_post_id: null,
  comment_post_url: null,
  comment_post_title: null,
  comment_post_img: null,
}

export function presentUnassignedRow(row: QueueRow): Wire.UnassignedRow {
  return {
    id: row.number,
    group_id: row.groupNumber,
    status: 'unassigned',
    application: APPLICATIONS[row.kind],
    from_blinger_user_id: row.identity.number,
    from_user_name: ownName(row.contact, row.identity, row.kind),
    is_new_conversation: row.isNew,
    unassigned_date: secondsOrNull(row.unassignedAt),
    custom_name: row.contact.customName,
  }
}

export function presentTakenRow(row: QueueRow): Wire.TakenRow {
  return {
    id: row.number,
    group_id: row.groupNumber,
    operator_user_id: row.assigneeNumber,
    status: 'inbox',
    application: APPLICATIONS[row.kind],
    from_blinger_user_id: row.identity.number,
    from_user_name: ownName(row.contact, row.identity, row.kind),
    is_new_conversation: row.isNew,
    unread_count: row.unreadCount,
    last_message_date: secondsOrNull(row.lastMessageAt),
    custom_name: row.contact.customName,
    operator_email: row.assigneeEmail,
  }
}

/** The third form of a conversation: both sides, and everything said, oldest first. */
export function presentCorrespondence(
  { view, messages }: { view: ConversationView; messages: Message[] },
  origin: string,
): Wire.Correspondence {
  const { conversation, account, channel, identity } = view
  const place = { accountNumber: account.number, origin }
  return {
    conversation_id: conversation.number,
    operator_id: view.assignee?.number ?? null,
    from_blinger_user_id: identity.number,
    to_blinger_user_id: channel.number,
    from_user: presentParty(view, place),
    to_user: presentParty({ channel, contact: null, identity: null }, place),
    application: APPLICATIONS[channel.kind],
    status: statusOf(conversation),
    date_created: seconds(conversation.createdAt),
    date_updated: seconds(conversation.updatedAt),
    messages: messages.map((message) => presentMessageRow(message, origin)),
  }
}

/** An operator's integer name is both its record's id and its user's. */
export function presentOperators(found: { account: Account; operators: Operator[] }): Wire.Operator[] {
  return found.operators.map(({ number, email, conversationsToken }) => ({
    id: number,
    user_id: number,
    owner_user_id: found.account.ownerNumber,
    invite_email: email,
    conversations_token: conversationsToken,
  }))
}

export function presentCreatedOperator({ account, ...operator }: CreatedOperator): Wire.CreatedOperator {
  return {
    invite_email: operator.email,
    owner_user_id: account.ownerNumber,
    id: operator.number,
    user_id: operator.number,
  }
}

export function presentGroups(found: { account: Account; groups: Group[] }): Wire.Group[] {
  return found.groups.map(({ number, title, priority, color, isDefault }) => ({
    id: number,
    user_id: found.account.ownerNumber,
    title,
    priority,
    color,
    is_default: isDefault,
  }))
}
