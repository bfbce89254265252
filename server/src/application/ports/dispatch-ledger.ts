import type { DomainEvent } from '../../domain/events.ts'
import type { MessageStatus } from '../../domain/message.ts'
import type { Outbound } from './channel-adapter.ts'

/** A conversation of some account. */
export interface ConversationKey {
  accountId: string
  conversationId: string
}

/** A message that waits for its transport, by its place. */
export interface OutboxKey extends ConversationKey {
  messageId: string
  seq: number
}

/** A message leased to its holder, with everything its transport needs. */
export interface Leased extends Omit<Outbound, 'fileUrl'> {
  /** Failed attempts before this one. */
  attempts: number
}

/** Steps of a message's status, each beyond the one before it. */
export interface Advance {
  accountId: string
  messageId: string
  statuses: MessageStatus[]
  error: string | null
  /** Null leaves the one it has. */
  providerMessageId: string | null
}

/** A failed attempt, and when to make the next one. */
export interface Deferral extends OutboxKey {
  error: string
  retryAt: Date
}

/** Why a conversation has nothing for whoever asks: no message waits, its time has not come, or another holder is at it. */
export type NothingToSend = 'none' | 'later' | 'held'

/** The messages that wait for their transports, of many conversations and accounts at once, in a few statements. */
export interface DispatchLedger {
  readonly now: Date
  /** Locks messages and says how they stand; null for one that is no longer there. */
  lockStatuses(keys: OutboxKey[]): Promise<(MessageStatus | null)[]>
  /** Moves messages forward. */
  advance(steps: Advance[]): Promise<void>
  /** Takes messages off the list of those that wait. */
  settle(keys: OutboxKey[]): Promise<void>
  defer(deferrals: Deferral[]): Promise<void>
  record(events: { accountId: string; event: DomainEvent; isSilent: boolean }[]): Promise<void>
  /**
   * Leases the oldest waiting message of each conversation to its holder for so long, with everything its transport
   * needs, or says why not. A later message of a conversation is never leased before an earlier one.
   */
  claim(turns: (ConversationKey & { holder: string })[], ms: number): Promise<(Leased | NothingToSend)[]>
  /** Has the conversation's waiting messages looked at that much later; a newer wish replaces an older one. */
  lookAgain(conversations: (ConversationKey & { delayMs: number })[]): Promise<void>
}
