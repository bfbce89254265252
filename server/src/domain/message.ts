import type { Attachment } from './attachment.ts'
import type { JsonObject } from './ref.ts'

export type MessageKind =
  | 'text'
  | 'image'
  | 'file'
  | 'audio'
  | 'video'
  | 'location'
  | 'template'
  | 'buttons'
  | 'note'
  | 'review'
  | 'system'

export type Direction = 'inbound' | 'outbound'
export type AuthorKind = 'contact' | 'operator' | 'bot' | 'system'

/** Who wrote a message. `id` is the contact's, operator's or bot's; null for the system. */
export interface Author {
  kind: AuthorKind
  id: string | null
}

/** `pending` waits for its transport; a status only moves forward. Inbound messages are born `delivered`. */
export const MESSAGE_STATUSES = ['pending', 'sent', 'delivered', 'read', 'failed'] as const
export type MessageStatus = (typeof MESSAGE_STATUSES)[number]

/** One entry of a conversation. */
export interface Message {
  id: string
  number: number
  accountId: string
  conversationId: string
  channelId: string
  /** Place in its conversation: 1, 2, 3 … without holes, in commit order. */
  seq: number
  kind: MessageKind
  direction: Direction
  author: Author
  /** The author operator's integer name; null for anybody else. */
  authorNumber: number | null
  /** The words: of a text, a note, a caption, a button message; empty when there are none. */
  text: string
  attachment: Attachment | null
  /** What a location, a template or buttons consist of; null for other kinds. */
  details: JsonObject | null
  status: MessageStatus
  error: string | null
  reviewId: string | null
  /** The sender's own key; the same key in a conversation is the same message. */
  clientId: string | null
  providerMessageId: string | null
  /** The integer of the dispatch that carries it; null for what is not dispatched. */
  dispatchNumber: number | null
  /** Mirrored here after it took place elsewhere. */
  isEcho: boolean
  isEchoOutgoing: boolean
  isHistory: boolean
  sendToCrm: boolean
  metadata: JsonObject
  /** When it was stored, in microseconds since 1970; strictly increasing within a conversation. */
  micros: number
  /** When it happened at its source. */
  occurredAt: Date
  createdAt: Date
  updatedAt: Date
  sentAt: Date | null
  deliveredAt: Date | null
  readAt: Date | null
}

/** Kinds that only operators see; they stay out of message lists, counts and last messages. */
export function isInternal(kind: MessageKind): boolean {
  return kind === 'note' || kind === 'system'
}

const RANK: Record<MessageStatus, number> = { pending: 0, sent: 1, delivered: 2, read: 3, failed: 4 }

/** Whether a report may move a message from one status to the other: forward only, and never out of `failed` or `read`. */
export function canAdvance(from: MessageStatus, to: MessageStatus): boolean {
  if (from === 'failed' || from === 'read') return false
  if (to === 'failed') return from !== 'delivered'
  return RANK[to] > RANK[from]
}
