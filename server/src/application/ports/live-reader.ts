import type { Message } from '../../domain/message.ts'
import type { Review } from '../../domain/review.ts'
import type { ConversationView } from '../../domain/view.ts'

/** By whose hands a conversation is within reach. */
export interface Holding {
  assigneeId: string | null
  groupId: string | null
}

/** How much there is to do, each counted up to a bound. */
export interface Counters {
  unassigned: number
  /** What the operator has and is not closed, and what of it is unread. */
  mine: number
  unread: number
}

/** Where counting ends. */
export const MOST_TO_DO = 1000

/** A conversation, and the last entry of it that is known. */
export interface Known {
  conversationId: string
  seq: number
}

/** A visitor, by the name its channel knows it by. */
export interface Party {
  channelId: string
  externalId: string
}

/** What those who tell the log live ask for: many things at once. */
export interface LiveReader {
  /** Those that are there and before the actor, by id. */
  views(conversationIds: string[]): Promise<Map<string, ConversationView>>
  messages(messageIds: string[]): Promise<Map<string, Message>>
  /** Who holds them, whoever asks; by id. */
  holdings(conversationIds: string[]): Promise<Map<string, Holding>>
  /** Who holds the conversations of each contact; by the contact's id. */
  holdingsOfContacts(contactIds: string[]): Promise<Map<string, Holding[]>>
  /** What comes after what is known, for each of them, in the order of `seq`; no notes and no system lines. */
  messagesAfter(known: Known[], limit: number): Promise<Message[][]>
  /** Within the actor's reach. */
  counters(operatorId: string | null): Promise<Counters>
  /** The conversation of each; null where there is none. */
  talks(parties: readonly Party[]): Promise<(string | null)[]>
  /** Whose conversations they are; by id. */
  parties(conversationIds: string[]): Promise<Map<string, Party>>
  /** How many messages of ours come after what is known; by conversation. */
  countsFromUs(known: Known[]): Promise<Map<string, number>>
  /** By conversation, oldest first. */
  reviews(conversationIds: string[]): Promise<Map<string, Review[]>>
}
