import type { Doer } from './actor.ts'
import { refuse } from './errors.ts'
import type { AuthorKind, Direction, MessageKind } from './message.ts'
import { isInternal } from './message.ts'
import type { JsonObject } from './ref.ts'

export const CONVERSATION_STATUSES = ['open', 'pending', 'snoozed', 'closed'] as const
export type ConversationStatus = (typeof CONVERSATION_STATUSES)[number]

export const PRIORITIES = ['low', 'normal', 'high', 'urgent'] as const
export type Priority = (typeof PRIORITIES)[number]

export const RESOLUTIONS = ['resolved', 'unresolved', 'spam'] as const
export type Resolution = (typeof RESOLUTIONS)[number]

/** All correspondence with one contact on one channel. */
export interface Conversation {
  id: string
  number: number
  accountId: string
  channelId: string
  contactId: string
  identityId: string
  status: ConversationStatus
  /** The operator who answers; at most one of this and `assigneeBotId` is set. */
  assigneeId: string | null
  assigneeBotId: string | null
  assignedAt: Date | null
  /** The bot that handles it besides or instead of an operator, and whether it is its turn. */
  botId: string | null
  isBotActive: boolean
  groupId: string | null
  episodeId: string | null
  priority: Priority
  tags: string[]
  metadata: JsonObject
  unreadCount: number
  messageCount: number
  lastSeq: number
  /** The last entries that the contact was shown, that it has read, and that somebody of ours has read; 0 for none. Only a web chat tells the first two. */
  contactReceivedSeq: number
  contactReadSeq: number
  operatorReadSeq: number
  lastMicros: number
  lastMessageId: string | null
  firstMessageAt: Date | null
  lastMessageAt: Date | null
  lastInboundAt: Date | null
  isWaiting: boolean
  /** Nobody took it yet. */
  isNew: boolean
  isOperatorLast: boolean
  /** The newest entry is a note. */
  isNoteLast: boolean
  /** Our side wrote first. */
  isOutgoing: boolean
  isLocked: boolean
  unassignedAt: Date | null
  snoozedUntil: Date | null
  closedAt: Date | null
  closedBy: Doer | null
  closureReason: string | null
  resolution: Resolution | null
  reopenedAt: Date | null
  reopenedBy: Doer | null
  /** Free text of operators about the conversation; one per conversation. */
  note: string | null
  /** Switches of integrations, such as `bitrix_block_openlines`. */
  flags: Record<string, boolean>
  token: string
  createdAt: Date
  updatedAt: Date
}

/** One cycle of a conversation, from opening to closing. */
export interface Episode {
  id: string
  number: number
  accountId: string
  conversationId: string
  openedAt: Date
  openedBy: Doer
  /** The `seq` of the last entry before it began. */
  afterSeq: number
  closedAt: Date | null
  closedBy: Doer | null
  closureReason: string | null
  resolution: Resolution | null
}

/** Taken by an operator and not closed. */
export function isTaken(conversation: Conversation): boolean {
  return conversation.status !== 'closed' && conversation.assigneeId !== null
}

/** What every opening of a closed conversation undoes. */
function opened(conversation: Conversation): Pick<Conversation, 'status' | 'snoozedUntil'> {
  const status = conversation.status === 'closed' ? 'open' : conversation.status
  return { status, snoozedUntil: status === 'snoozed' ? conversation.snoozedUntil : null }
}

/** An operator takes the conversation. Refuses `assigned_to_other`; by the same operator it changes nothing. */
export function startBy(conversation: Conversation, operatorId: string, now: Date): Conversation {
  if (isTaken(conversation)) {
    if (conversation.assigneeId === operatorId) return conversation
    refuse('assigned_to_other', { what: 'conversation' })
  }
  return { ...readByOurs(takenBy(conversation, operatorId, now)), ...opened(conversation) }
}

function takenBy(conversation: Conversation, operatorId: string, now: Date): Conversation {
  return {
    ...conversation,
    assigneeId: operatorId,
    assigneeBotId: null,
    assignedAt: now,
    isBotActive: false,
    isNew: false,
    updatedAt: now,
  }
}

/** Somebody of ours has read all there is. */
export function readByOurs(conversation: Conversation): Conversation {
  return { ...conversation, unreadCount: 0, operatorReadSeq: conversation.lastSeq }
}

/** How far the contact says it was shown, and has read, what there is; what it has read it was shown. Marks never go back. */
export function seenByContact(
  conversation: Conversation,
  { receivedSeq = 0, readSeq = 0 }: { receivedSeq?: number; readSeq?: number },
): Conversation {
  const { lastSeq, contactReadSeq, contactReceivedSeq } = conversation
  const read = Math.max(contactReadSeq, Math.min(readSeq, lastSeq))
  const received = Math.max(contactReceivedSeq, Math.min(receivedSeq, lastSeq), read)
  return { ...conversation, contactReadSeq: read, contactReceivedSeq: received }
}

/** Gives the conversation to an operator and flags it unread for them; never changes whether it is closed. */
export function assignToOperator(conversation: Conversation, operatorId: string, now: Date): Conversation {
  const taken = takenBy(conversation, operatorId, now)
  return { ...taken, unreadCount: Math.max(1, conversation.unreadCount) }
}

/** Gives the conversation to a bot; its operator, if any, is released. */
export function assignToBot(conversation: Conversation, botId: string, now: Date): Conversation {
  return {
    ...conversation,
    assigneeId: null,
    assigneeBotId: botId,
    assignedAt: now,
    botId,
    isBotActive: true,
    unassignedAt: conversation.assigneeId === null ? conversation.unassignedAt : now,
    updatedAt: now,
  }
}

/** Takes the conversation from whoever has it; never changes whether it is closed. */
export function release(conversation: Conversation, now: Date): Conversation {
  return {
    ...conversation,
    assigneeId: null,
    assigneeBotId: null,
    assignedAt: null,
    isNew: false,
    unassignedAt: now,
    updatedAt: now,
  }
}

/** Back to the unassigned ones, closed or not. Refuses `already_unassigned`. */
export function putBack(conversation: Conversation, now: Date): Conversation {
  if (conversation.status !== 'closed' && conversation.assigneeId === null)
    refuse('already_unassigned', { what: 'conversation' })
  return { ...release(conversation, now), ...opened(conversation) }
}

/** Moves the conversation to a group; status and operator stay. Refuses `already_in_group`. */
export function moveToGroup(conversation: Conversation, groupId: string, now: Date): Conversation {
  if (conversation.groupId === groupId) refuse('already_in_group', { what: 'conversation' })
  return { ...conversation, groupId, updatedAt: now }
}

/** How a closing is explained. */
export interface Closure {
  by: Doer
  reason: string | null
  resolution: Resolution | null
}

/** Ends the current episode; operator and group stay. Refuses `already_closed`. */
export function close(conversation: Conversation, closure: Closure, now: Date): Conversation {
  if (conversation.status === 'closed') refuse('already_closed', { what: 'conversation' })
  return {
    ...readByOurs(conversation),
    status: 'closed',
    isWaiting: false,
    isNew: false,
    snoozedUntil: null,
    closedAt: now,
    closedBy: closure.by,
    closureReason: closure.reason,
    resolution: closure.resolution,
    updatedAt: now,
  }
}

/** Opens a closed, pending or snoozed conversation; whoever had it keeps it. Changes nothing when it is open. */
export function reopen(conversation: Conversation, by: Doer, now: Date): Conversation {
  if (conversation.status === 'open') return conversation
  const wasClosed = conversation.status === 'closed'
  return {
    ...conversation,
    status: 'open',
    snoozedUntil: null,
    reopenedAt: now,
    reopenedBy: by,
    unassignedAt: wasClosed && conversation.assigneeId === null ? now : conversation.unassignedAt,
    updatedAt: now,
  }
}

/** What a new entry is, as far as it moves its conversation. */
export interface Entry {
  id: string
  kind: MessageKind
  direction: Direction
  author: AuthorKind
  isEcho: boolean
  micros: number
}

/** The next entry's stamp: now, or just after the one before it, so that stamps strictly increase. */
export function nextMicros(conversation: Conversation, now: Date): number {
  return Math.max(now.getTime() * 1000, conversation.lastMicros + 1)
}

/** The conversation after one more entry: counters, times and who waits for whom. */
export function withEntry(conversation: Conversation, entry: Entry, now: Date): Conversation {
  const numbered = {
    ...conversation,
    lastSeq: conversation.lastSeq + 1,
    lastMicros: entry.micros,
    updatedAt: now,
  }
  if (isInternal(entry.kind))
    return { ...numbered, isNoteLast: entry.kind === 'note' || conversation.isNoteLast }
  const spoken = {
    ...numbered,
    messageCount: conversation.messageCount + 1,
    lastMessageId: entry.id,
    firstMessageAt: conversation.firstMessageAt ?? now,
    lastMessageAt: now,
    isNoteLast: false,
    isOutgoing: conversation.messageCount === 0 ? entry.direction === 'outbound' : conversation.isOutgoing,
  }
  return entry.direction === 'inbound' ? withInbound(spoken, now) : withOutbound(spoken, entry)
}

/** A contact wrote: it waits for an answer, and a closed conversation begins anew, unassigned. */
function withInbound(conversation: Conversation, now: Date): Conversation {
  const heard = {
    ...conversation,
    lastInboundAt: now,
    isWaiting: true,
    isOperatorLast: false,
    snoozedUntil: null,
  }
  const begins = conversation.status === 'closed' || conversation.messageCount === 1
  if (conversation.status !== 'closed')
    return {
      ...heard,
      status: 'open',
      unreadCount: conversation.unreadCount + 1,
      unassignedAt: begins && conversation.assigneeId === null ? now : conversation.unassignedAt,
    }
  return {
    ...heard,
    status: 'open',
    assigneeId: null,
    assigneeBotId: null,
    assignedAt: null,
    isBotActive: conversation.botId !== null,
    unreadCount: 1,
    isNew: true,
    unassignedAt: now,
  }
}

/** Our side wrote. Only an operator's words read what was unread; a mirrored answer ends the waiting all the same. */
function withOutbound(conversation: Conversation, entry: Entry): Conversation {
  if (entry.author === 'operator')
    return { ...readByOurs(conversation), isWaiting: false, isOperatorLast: true }
  if (entry.isEcho) return { ...conversation, isWaiting: false, isOperatorLast: false }
  return { ...conversation, isOperatorLast: false }
}

/** What is left of a conversation's entries that are neither notes nor system lines. */
export interface Spoken {
  spoken: number
  inbound: number
  firstSpokenAt: Date | null
  lastSpokenId: string | null
}

/** The conversation once its oldest entries are gone. Their numbers are not given again, and nothing that happens to it is undone. */
export function forgetOldest(conversation: Conversation, left: Spoken): Conversation {
  const hasWords = left.spoken > 0
  return {
    ...conversation,
    messageCount: left.spoken,
    unreadCount: Math.min(conversation.unreadCount, left.inbound),
    firstMessageAt: left.firstSpokenAt,
    lastMessageId: left.lastSpokenId,
    lastMessageAt: hasWords ? conversation.lastMessageAt : null,
    lastInboundAt: left.inbound > 0 ? conversation.lastInboundAt : null,
    isWaiting: left.inbound > 0 && conversation.isWaiting,
  }
}

/** Stored metadata with a patch laid over it: keys replace, `null` removes, the rest stays. */
export function mergeMetadata(stored: JsonObject, patch: JsonObject): JsonObject {
  const merged = Object.entries({ ...stored, ...patch }).filter(([, value]) => value !== null)
  return Object.fromEntries(merged)
}
