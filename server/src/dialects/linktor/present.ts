import type { AssignedConversation } from '../../application/conversations/assign-conversation.ts'
import type { Participants } from '../../application/conversations/read-conversations.ts'
import type { Transferred } from '../../application/conversations/transfer-conversation.ts'
import type { Doer } from '../../domain/actor.ts'
import type { Message } from '../../domain/message.ts'
import type { ConversationView } from '../../domain/view.ts'
import type { Page } from './accept-query.ts'
import { writeDoerId, writeId } from './ids.ts'
import type { Presenting } from './present-refs.ts'
import {
  assigneeRef,
  avatarOf,
  botRef,
  channelRef,
  contactRef,
  doerRef,
  messageRef,
  presentPages,
  timeOrNothing,
} from './present-refs.ts'
import { writeTime } from './time.ts'

/** The envelope of one conversation. */
function conversationOf<Attributes>(id: string, attributes: Attributes) {
  return { data: { id: writeId('conversation', id), type: 'conversation', attributes } }
}

/** What every showing of a conversation begins with. */
function standing(view: ConversationView) {
  const { status, unreadCount, messageCount, metadata, createdAt, updatedAt } = view.conversation
  return {
    status,
    channel: channelRef(view.channel),
    assignee: assigneeRef(view),
    unreadCount,
    messageCount,
    metadata,
    createdAt: writeTime(createdAt),
    updatedAt: writeTime(updatedAt),
  }
}

export function presentList(
  found: { views: ConversationView[]; total: number },
  page: Page,
  presenting: Presenting,
) {
  const data = found.views.map(
    (view) =>
      conversationOf(view.conversation.id, {
        ...standing(view),
        contact: { ...contactRef(view), avatar: avatarOf(view.contact, presenting) },
        lastMessage: view.lastMessage ? messageRef(view.lastMessage, presenting) : undefined,
      }).data,
  )
  return { data, meta: presentPages(page, found.total) }
}

/** `messages` null leaves the relationships out. */
export function presentDetail(view: ConversationView, messages: Message[] | null, presenting: Presenting) {
  const { contact, conversation } = view
  const { data } = conversationOf(conversation.id, {
    ...standing(view),
    contact: {
      ...contactRef(view),
      email: contact.email ?? undefined,
      avatar: avatarOf(contact, presenting),
      metadata: contact.metadata,
    },
    bot: botRef(view),
    firstMessageAt: timeOrNothing(conversation.firstMessageAt),
    lastMessageAt: timeOrNothing(conversation.lastMessageAt),
    tags: conversation.tags,
  })
  if (!messages) return { data }
  const refs = messages.map((message) => messageRef(message, presenting))
  return { data: { ...data, relationships: { messages: refs } } }
}

export function presentCreated(view: ConversationView) {
  return conversationOf(view.conversation.id, {
    ...standing(view),
    contact: contactRef(view),
    bot: botRef(view),
    tags: view.conversation.tags,
  })
}

export function presentUpdated({ conversation }: ConversationView) {
  const { id, status, priority, metadata, tags, updatedAt } = conversation
  return conversationOf(id, { status, priority, metadata, tags, updatedAt: writeTime(updatedAt) })
}

export function presentClosed({ conversation }: ConversationView) {
  const { id, status, closedAt, closedBy, resolution, closureReason, updatedAt } = conversation
  return conversationOf(id, {
    status,
    closedAt: writeTime(closedAt ?? updatedAt),
    closedBy: doerRef(closedBy ?? { kind: 'system', id: null, name: 'System' }),
    resolution: resolution ?? undefined,
    closureReason: closureReason ?? undefined,
  })
}

export function presentReopened({ conversation }: ConversationView) {
  const { id, status, reopenedAt, reopenedBy } = conversation
  return conversationOf(id, {
    status,
    reopenedAt: timeOrNothing(reopenedAt),
    reopenedBy: reopenedBy ? doerRef(reopenedBy) : undefined,
  })
}

export function presentAssigned(assigned: AssignedConversation) {
  const { id, assignedAt, updatedAt } = assigned.conversation
  return conversationOf(id, {
    assignee: assigneeRef(assigned),
    assignedAt: writeTime(assignedAt ?? updatedAt),
    assignedBy: doerRef(assigned.assignedBy),
  })
}

export function presentTransferred(transferred: Transferred, context: { reason?: string; summary?: string }) {
  const { view, assignee, previous, by, at } = transferred
  return conversationOf(view.conversation.id, {
    assignee: holder(assignee),
    previousAssignee: previous && holder(previous),
    transferredAt: writeTime(at),
    transferredBy: doerRef(by),
    reason: context.reason,
    summary: context.summary,
  })
}

/** Who has it, as an event or a hand-over names them. */
export function holder(doer: Doer) {
  return { id: writeDoerId(doer), type: doer.kind === 'bot' ? 'bot' : 'user', name: doer.name }
}

export function presentParticipants({ view, operators, bots }: Participants) {
  const { id, name, phone } = contactRef(view)
  return {
    data: [
      { id, type: 'contact', attributes: { name, phone, role: 'customer' } },
      ...operators.map((operator) => ({
        id: writeId('user', operator.id),
        type: 'user',
        attributes: { name: operator.name, email: operator.email ?? undefined, role: 'agent' },
      })),
      ...bots.map((bot) => ({
        id: writeId('bot', bot.id),
        type: 'bot',
        attributes: { name: bot.name, role: 'bot' },
      })),
    ],
  }
}
