import type { AssignedConversation } from '../../application/conversations/assign-conversation.ts'
import type { Participants } from '../../application/conversations/read-conversations.ts'
import type { Transferred } from '../../application/conversations/transfer-conversation.ts'
import type { Appended } from '../../application/messages/append.ts'
import type { ChannelTraffic } from '../../application/ports/reader.ts'
import type { Doer } from '../../domain/actor.ts'
import type { Channel, ChannelKind } from '../../domain/channel.ts'
import type { Contact, ContactIdentity } from '../../domain/contact.ts'
import { displayName } from '../../domain/contact.ts'
import type { Message } from '../../domain/message.ts'
import type { ConversationView } from '../../domain/view.ts'
import type { Page } from './accept-query.ts'
import { writeCursor } from './cursor.ts'
import { writeDoerId, writeId } from './ids.ts'
import { presentContent } from './present-content.ts'
import { writeTime } from './time.ts'

const TYPES: Record<ChannelKind, string> = {
  webchat: 'webchat',
  custom_app: 'custom',
  telegram: 'telegram',
  telegram_personal: 'telegram',
  whatsapp: 'whatsapp',
  email: 'email',
}

const timeOrNothing = (at: Date | null) => (at ? writeTime(at) : undefined)

/** The envelope of one conversation. */
function conversationOf<Attributes>(id: string, attributes: Attributes) {
  return { data: { id: writeId('conversation', id), type: 'conversation', attributes } }
}

function channelRef({ id, kind, name }: Channel) {
  return { id: writeId('channel', id), type: TYPES[kind], name }
}

type Known = Pick<ConversationView, 'contact' | 'identity' | 'channel'>

function contactRef({ contact, identity, channel }: Known) {
  return {
    id: writeId('contact', contact.id),
    name: displayName(contact, identity, channel.kind),
    phone: phoneOf(contact, identity, channel.kind),
  }
}

/** With its plus; on WhatsApp people are known by their number even when nobody told it. */
function phoneOf(contact: Contact, identity: ContactIdentity, kind: ChannelKind): string | undefined {
  const phone = contact.phone ?? (kind === 'whatsapp' ? identity.externalId : null)
  if (!phone) return undefined
  if (/^\d+$/.test(phone)) return `+${phone}`
  return contact.phone ?? undefined
}

/** Files are served from this origin. */
export interface Presenting {
  origin: string
}

function avatarOf({ avatar }: Contact, { origin }: Presenting) {
  return avatar ? origin + avatar.path : undefined
}

function assigneeRef({ conversation, assignee, bot }: ConversationView) {
  if (conversation.assigneeId && assignee)
    return { id: writeId('user', assignee.id), type: 'user', name: assignee.name }
  if (conversation.assigneeBotId && bot) return { id: writeId('bot', bot.id), type: 'bot', name: bot.name }
  return undefined
}

function botRef({ conversation, bot }: ConversationView) {
  if (!conversation.botId || bot?.id !== conversation.botId) return undefined
  return { id: writeId('bot', bot.id), name: bot.name, active: conversation.isBotActive }
}

function doerRef(doer: Doer) {
  return { id: writeDoerId(doer), name: doer.name }
}

function messageRef(message: Message, { origin }: Presenting) {
  const { id, direction, createdAt } = message
  const content = presentContent(message, origin)
  return { id: writeId('message', id), direction, content, timestamp: writeTime(createdAt) }
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

function presentPages({ page, perPage }: Page, totalCount: number) {
  return { pagination: { page, perPage, totalPages: Math.ceil(totalCount / perPage), totalCount } }
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

function holder(doer: Doer) {
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

export function presentSent(appended: Appended, { origin }: Presenting) {
  const { message, channel } = appended
  const ours = writeId('channel', channel.id)
  const theirs = addressOf(appended)
  const isInbound = message.direction === 'inbound'
  return {
    data: {
      id: writeId('message', message.id),
      type: 'message',
      attributes: {
        conversationId: writeId('conversation', message.conversationId),
        channelId: ours,
        direction: message.direction,
        from: isInbound ? theirs : ours,
        to: isInbound ? ours : theirs,
        content: presentContent(message, origin),
        status: message.status,
        metadata: message.metadata,
        externalId: message.providerMessageId ?? undefined,
        createdAt: writeTime(message.createdAt),
        sentAt: timeOrNothing(message.sentAt),
      },
    },
  }
}

/** How the channel addresses the contact, in the form `to` takes. */
function addressOf({ identity, channel }: Known): string {
  const { externalId } = identity
  return channel.kind === 'whatsapp' && /^\d+$/.test(externalId) ? `+${externalId}` : externalId
}

/** `messages` holds one more than `limit` when there are more. */
export function presentMessages(messages: Message[], limit: number, { origin }: Presenting) {
  const page = messages.slice(0, limit)
  const last = page.at(-1)
  const hasMore = messages.length > limit
  const data = page.map((message) => ({
    id: writeId('message', message.id),
    type: 'message',
    attributes: {
      direction: message.direction,
      content: presentContent(message, origin),
      status: message.status,
      createdAt: writeTime(message.createdAt),
    },
  }))
  return { data, meta: { cursor: { next: hasMore && last ? writeCursor(last.seq) : undefined, hasMore } } }
}

export function presentChannels(
  found: { channels: Channel[]; traffic: Map<string, ChannelTraffic>; total: number },
  page: Page,
) {
  const data = found.channels.map((channel) => {
    const traffic = found.traffic.get(channel.id)
    return {
      id: writeId('channel', channel.id),
      type: 'channel',
      attributes: {
        name: channel.name,
        channelType: TYPES[channel.kind],
        status: channel.status,
        config: {},
        stats: {
          messagesReceived24h: traffic?.received ?? 0,
          messagesSent24h: traffic?.sent ?? 0,
          activeConversations: traffic?.activeConversations ?? 0,
        },
        webhookUrl: channel.webhookUrl ?? undefined,
        createdAt: writeTime(channel.createdAt),
        updatedAt: writeTime(channel.updatedAt),
      },
    }
  })
  return { data, meta: presentPages(page, found.total) }
}
