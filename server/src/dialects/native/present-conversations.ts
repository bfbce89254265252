import type { Participants } from '../../application/conversations/read-conversations.ts'
import type { Doer } from '../../domain/actor.ts'
import { displayName } from '../../domain/contact.ts'
import type { ConversationView } from '../../domain/view.ts'
import { CONVERSATIONS, FOUND } from './accept-lists.ts'
import { publicId } from './ids.ts'
import { presentPage, writeListCursor } from './list-cursor.ts'
import { iso, presentMessageView } from './present-messages.ts'
import type { ConversationBody, ParticipantsBody } from './schema/conversations.ts'

export function presentConversation(view: ConversationView, origin: string): ConversationBody {
  const { conversation, lastMessage } = view
  const { number, status, priority, tags, metadata, note, closureReason, resolution } = conversation
  const { unreadCount, messageCount, lastSeq, isWaiting, isNew, isLocked } = conversation
  return {
    id: publicId('conversation', conversation.id),
    ...{ number, status, priority, tags, metadata, note },
    ...presentParties(view, origin),
    ...presentHolders(view),
    lastMessage: lastMessage && presentMessageView(lastMessage, origin),
    ...{ unreadCount, messageCount, lastSeq, isWaiting, isNew, isLocked },
    episodeId: conversation.episodeId && publicId('episode', conversation.episodeId),
    assignedAt: iso(conversation.assignedAt),
    snoozedUntil: iso(conversation.snoozedUntil),
    closedAt: iso(conversation.closedAt),
    closedBy: conversation.closedBy && presentSomebody(conversation.closedBy),
    ...{ closureReason, resolution },
    reopenedAt: iso(conversation.reopenedAt),
    lastMessageAt: iso(conversation.lastMessageAt),
    lastInboundAt: iso(conversation.lastInboundAt),
    createdAt: conversation.createdAt.toISOString(),
    updatedAt: conversation.updatedAt.toISOString(),
  }
}

function presentParties({ channel, contact, identity }: ConversationView, origin: string) {
  const { number, kind, name } = channel
  return {
    channel: { id: publicId('channel', channel.id), number, kind, name },
    contact: {
      id: publicId('contact', contact.id),
      number: contact.number,
      name: displayName(contact, identity, kind),
      ...{ phone: contact.phone, email: contact.email, externalId: identity.externalId },
      isVerified: identity.isVerified,
      avatarUrl: contact.avatar && origin + contact.avatar.path,
    },
  }
}

function presentHolders(view: ConversationView): Pick<ConversationBody, 'assignee' | 'bot' | 'group'> {
  const { conversation, assignee, bot, group } = view
  const held = bot && { id: publicId('bot', bot.id), name: bot.name }
  const byBot = held && conversation.assigneeBotId !== null ? { kind: 'bot' as const, ...held } : null
  return {
    assignee: assignee
      ? { kind: 'operator', id: publicId('operator', assignee.id), name: assignee.name }
      : byBot,
    bot: held && { ...held, isActive: conversation.isBotActive },
    group: group && { id: publicId('group', group.id), number: group.number, title: group.title },
  }
}

const KINDS = { operator: 'operator', bot: 'bot', contact: 'contact', token: 'token' } as const

export function presentSomebody({ kind, id, name }: Doer): {
  kind: Doer['kind']
  id: string | null
  name: string
} {
  return { kind, id: kind === 'system' || id === null ? null : publicId(KINDS[kind], id), name }
}

interface ListShown {
  accountId: string
  /** One more than is shown. */
  limit: number
  origin: string
}

export function presentConversationList(views: ConversationView[], { accountId, limit, origin }: ListShown) {
  return presentPage(views, limit - 1, {
    item: (view) => presentConversation(view, origin),
    cursor: ({ conversation: { updatedAt, id } }) =>
      writeListCursor({ accountId, list: CONVERSATIONS }, [updatedAt.getTime(), id]),
  })
}

/** Cursors of a search count what was shown. */
export function presentConversationsFound(
  { views, total }: { views: ConversationView[]; total: number },
  { accountId, offset, origin }: { accountId: string; offset: number; origin: string },
) {
  const shown = offset + views.length
  return {
    items: views.map((view) => presentConversation(view, origin)),
    nextCursor:
      views.length > 0 && shown < total ? writeListCursor({ accountId, list: FOUND }, [shown]) : null,
  }
}

export function presentParticipants({ view, operators, bots }: Participants): ParticipantsBody {
  const { contact, identity, channel } = view
  return {
    contact: { id: publicId('contact', contact.id), name: displayName(contact, identity, channel.kind) },
    operators: operators.map(({ id, number, name }) => ({ id: publicId('operator', id), number, name })),
    bots: bots.map(({ id, number, name }) => ({ id: publicId('bot', id), number, name })),
  }
}
