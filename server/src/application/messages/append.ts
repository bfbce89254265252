import type { Attachment, StoredFile } from '../../domain/attachment.ts'
import type { Channel } from '../../domain/channel.ts'
import type { Contact, ContactIdentity } from '../../domain/contact.ts'
import type { Conversation } from '../../domain/conversation.ts'
import type { Author, Direction, Message } from '../../domain/message.ts'
import type { Reach } from '../../domain/permissions.ts'
import type { JsonObject, Ref } from '../../domain/ref.ts'

/** A file for a message: fresh bytes, or an upload that waits to be consumed. */
export type FileSource = { stored: StoredFile; sourceUrl: string | null } | { attachment: Ref }

/** What is said. `text` of a file is its caption. */
export type Content =
  | { kind: 'text' | 'note'; text: string; details?: JsonObject }
  | { kind: 'file'; text: string; file: FileSource }
  | { kind: 'location' | 'template' | 'buttons'; text: string; details: JsonObject }
  | { kind: 'review'; text: string; reviewId: string }

/** Who says it: an operator (by default the actor's, else the owner), the contact, a bot or the system. */
export type Speaker = { operator: Ref | 'actor' } | { contact: true } | { bot: string } | { system: true }

/** One message to be appended. */
export interface Append {
  conversation: Ref
  /** The channel the conversation must be on; any by default. */
  channel?: Ref
  speaker: Speaker
  content: Content
  /** The message's own id, chosen by the sender; it is then also its client key. */
  id?: string
  clientId?: string
  providerMessageId?: string
  /** When it happened at its source; now by default. */
  occurredAt?: Date
  /** Mirrors what took place elsewhere: never dispatched. */
  echo?: { isOutgoing: boolean }
  sendToCrm?: boolean
  metadata?: JsonObject
  isSilent?: boolean
}

/** An append with the actor it came from, as a batch holds it. */
export interface ActedAppend {
  accountId: string
  actorOperatorId: string | null
  /** Of whoever appends: what is not before them is not found. */
  reach: Reach
  append: Append
}

/** The committed message with what is needed to answer for it; `isRepeat` when its key was known already. */
export interface Appended {
  message: Message
  conversation: Conversation
  channel: Channel
  contact: Contact
  identity: ContactIdentity
  isRepeat: boolean
}

/** Where an author stands. */
export function directionOf(append: Append): Direction {
  if (append.echo) return append.echo.isOutgoing ? 'outbound' : 'inbound'
  return 'contact' in append.speaker ? 'inbound' : 'outbound'
}

/** An append with everything it names resolved, ready to be decided on. */
export interface ResolvedAppend {
  acted: ActedAppend
  author: Author
  authorNumber: number | null
  authorName: string
  attachment: Attachment | null
}
