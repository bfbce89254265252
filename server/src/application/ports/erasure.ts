import type { Conversation, Spoken } from '../../domain/conversation.ts'

/** What is left of a conversation's entries once the oldest are gone. */
export interface Remainder extends Spoken {
  /** All of them, notes and system lines too. */
  entries: number
}

/** Messages that are older than their channel keeps them, as many as are looked at in one transaction. */
export interface ExpiredPiece {
  messageIds: string[]
  conversationIds: string[]
  /** How far the search for them came; to be noted once they are gone. */
  throughNumber: number | null
  /** There may be more. */
  hasMore: boolean
}

/** What would go, or went. */
export interface Expiry {
  messages: number
  files: number
  conversations: number
}

/** Forgetting for good, in the caller's transaction. The bytes of files that nothing names any more go by a job, after its commit. */
export interface Erasure {
  /** Locks a contact, its identities and its conversations, so that nothing joins them; null when there is no such contact. */
  lockContact(contactId: string): Promise<{ conversationIds: string[] } | null>
  /** Deletes locked conversations with all that is in them and all that tells of them. */
  conversations(ids: string[]): Promise<void>
  /** Deletes a locked contact whose conversations are gone, with what tells of it. */
  contact(contactId: string): Promise<void>
  /** Deletes the answers kept for repeats: any of them may repeat somebody's words. */
  answers(): Promise<void>
  /** Locks conversations, in id order; those that are gone are missing. */
  lockConversations(ids: string[]): Promise<Conversation[]>
  /** Deletes messages of locked conversations, with their files and reviews. */
  messages(ids: string[]): Promise<Pick<Expiry, 'messages' | 'files'>>
  /** What is left in each of these conversations. */
  remainders(conversationIds: string[]): Promise<Map<string, Remainder>>
  saveAll(conversations: Conversation[]): Promise<void>
  /** How many days a channel keeps its messages, also one that was taken out of the account; null for good. */
  retentionDaysOf(channelId: string): Promise<number | null>
  findExpired(channelId: string, before: Date): Promise<ExpiredPiece>
  noteExpired(channelId: string, throughNumber: number): Promise<void>
}
