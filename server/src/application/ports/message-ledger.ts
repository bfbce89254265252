import type { Attachment } from '../../domain/attachment.ts'
import type { Channel } from '../../domain/channel.ts'
import type { Contact, ContactIdentity } from '../../domain/contact.ts'
import type { Conversation, Episode } from '../../domain/conversation.ts'
import type { DomainEvent } from '../../domain/events.ts'
import type { Message } from '../../domain/message.ts'
import type { Operator } from '../../domain/operator.ts'
import type { Ref } from '../../domain/ref.ts'
import type { Ids } from './ids.ts'

/** A conversation locked for appending, with what is needed to answer for it. */
export interface LedgerEntry {
  conversation: Conversation
  channel: Channel
  contact: Contact
  identity: ContactIdentity
}

/** A message about to be born; the database numbers it, and numbers its dispatch when it `isDispatched`. */
export interface NewMessage extends Omit<
  Message,
  'number' | 'attachment' | 'dispatchNumber' | 'authorNumber'
> {
  attachmentId: string | null
  isDispatched: boolean
  /** Where its file was fetched from; part of what makes a repeat the same. */
  sourceUrl: string | null
}

/** A message found by its sender's key, and what it was made of. */
export interface KnownMessage {
  message: Message
  sourceUrl: string | null
}

/** A conversation as it was locked, and as it is to be. */
export interface ConversationChange {
  before: Conversation
  after: Conversation
}

/** What a batch writes. Messages that are `pending` are handed to their transports after the commit. */
export interface LedgerEntries {
  messages: NewMessage[]
  changes: ConversationChange[]
  events: { accountId: string; event: DomainEvent; isSilent: boolean }[]
}

export interface MessageKey {
  accountId: string
  conversationId: string
  clientId: string
}

export interface ProviderKey {
  accountId: string
  channelId: string
  providerMessageId: string
}

/**
 * Many messages of many conversations and accounts in a few statements. Every item names its account;
 * nothing here is scoped, so only `appendMessages` uses it.
 */
export interface MessageLedger {
  readonly now: Date
  readonly ids: Ids
  /** Locks in id order; the result is in the order asked for, null where there is none. */
  lock(wanted: { accountId: string; ref: Ref }[]): Promise<(LedgerEntry | null)[]>
  findByClientIds(keys: MessageKey[]): Promise<(KnownMessage | null)[]>
  findByProviderIds(keys: ProviderKey[]): Promise<(KnownMessage | null)[]>
  /** Which of these message ids are taken, in any conversation of the account. */
  takenIds(keys: { accountId: string; id: string }[]): Promise<Set<string>>
  operators(wanted: { accountId: string; ref: Ref | 'owner' }[]): Promise<(Operator | null)[]>
  attachments(wanted: { accountId: string; ref: Ref }[]): Promise<(Attachment | null)[]>
  insertAttachments(attachments: Omit<Attachment, 'number'>[]): Promise<Attachment[]>
  /** Binds uploads to the message that consumes them. */
  bindAttachments(bindings: { accountId: string; attachmentId: string; messageId: string }[]): Promise<void>
  insertEpisodes(episodes: Omit<Episode, 'number'>[]): Promise<void>
  /** Writes messages, what they change and what is told of them; numbers in the messages' order. */
  write(entries: LedgerEntries): Promise<{ number: number; dispatchNumber: number | null }[]>
}
