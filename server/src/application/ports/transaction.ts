import type { Account } from '../../domain/account.ts'
import type { Attachment } from '../../domain/attachment.ts'
import type { NewAuditEntry } from '../../domain/audit.ts'
import type { Bot } from '../../domain/bot.ts'
import type { Channel } from '../../domain/channel.ts'
import type { Contact, ContactIdentity } from '../../domain/contact.ts'
import type { Conversation, Episode } from '../../domain/conversation.ts'
import type { DomainEvent } from '../../domain/events.ts'
import type { Group } from '../../domain/group.ts'
import type { Invitation } from '../../domain/invitation.ts'
import type { MessageStatus } from '../../domain/message.ts'
import type { Operator } from '../../domain/operator.ts'
import type { Ref } from '../../domain/ref.ts'
import type { Review } from '../../domain/review.ts'
import type { Role } from '../../domain/role.ts'
import type { Token, TokenKind } from '../../domain/token.ts'
import type { Erasure } from './erasure.ts'
import type { Ids } from './ids.ts'
import type { MessageLedger } from './message-ledger.ts'
import type { ConversationReader, Reader } from './reader.ts'
import type { VisitorSessions } from './visitors.ts'
import type { WebhookWriter } from './webhooks.ts'

/** A row about to be born: the database gives its integer name. */
export type Unnumbered<Row> = Omit<Row, 'number'>

export interface ConversationWriter extends ConversationReader {
  /** Loads for change: whoever else wants it waits until this transaction ends. */
  lock(ref: Ref): Promise<Conversation | null>
  save(conversation: Conversation): Promise<void>
  /** Inserts it unless the contact already has one on the channel; null then, and the other one is there to be locked. */
  insert(conversation: Unnumbered<Conversation>): Promise<Conversation | null>
  /** The conversations an operator has and that are not closed, locked in id order. */
  lockAssignedTo(operatorId: string): Promise<Conversation[]>
  /** So many of those that are not closed on a channel, or in a bot's hands, locked in id order, whoever may see them. */
  lockActive(of: { channelId: string } | { botId: string }, limit: number): Promise<Conversation[]>
  /** Takes so many conversations out of a group; how many there were. */
  leaveGroup(groupId: string, limit: number): Promise<number>
  /** Takes so many conversations from a bot, whoever's turn it is; how many there were. */
  leaveBot(botId: string, limit: number): Promise<number>
  insertEpisode(episode: Unnumbered<Episode>): Promise<void>
  endEpisode(
    episode: Pick<Episode, 'id' | 'closedAt' | 'closedBy' | 'closureReason' | 'resolution'>,
  ): Promise<void>
}

export interface ContactWriter {
  /** A new contact; takes the integer name that its first identity will share. */
  insert(contact: Unnumbered<Contact>): Promise<Contact>
  /** Loads for change: whoever else wants to change it waits until this transaction ends. */
  lock(contactId: string): Promise<Contact | null>
  save(contact: Contact): Promise<void>
  /** Inserts it unless the channel knows that external id; null then. `number` is the contact's for its first identity. */
  insertIdentity(
    identity: Unnumbered<ContactIdentity>,
    number: number | null,
  ): Promise<ContactIdentity | null>
  /** Saves what may change of an identity: the page it is on, and whether it is verified. */
  saveIdentity(identity: ContactIdentity): Promise<void>
  /** Gives an identity another name; false when there is none, or the channel knows the other name already. */
  renameIdentity(channelId: string, from: string, to: string): Promise<boolean>
  /** One contact at a time: whoever else resolves the same key waits until this transaction ends. */
  serialize(key: string): Promise<void>
}

export interface SeenThrough {
  conversationId: string
  afterSeq: number
  receivedSeq: number
  readSeq: number
}

/** What can be changed in one account. Everything in it is committed together, with its events and jobs, or not at all. */
export interface Transaction extends Reader {
  readonly ids: Ids
  readonly accounts: Reader['accounts'] & {
    insert(account: Omit<Unnumbered<Account>, 'ownerNumber'>): Promise<Account>
    save(account: Account): Promise<void>
  }
  readonly tokens: Reader['tokens'] & {
    /** Stores a hash of the secret, never the secret. */
    insert(token: Token, secret: string): Promise<void>
    /** Ends it at once; false when there is no such token, or it has ended already. */
    revoke(tokenId: string, kind?: TokenKind): Promise<boolean>
  }
  readonly operators: Reader['operators'] & {
    /** With a password hash the operator also becomes a person who can sign in; or a person becomes this operator too. Refuses `email_taken`. */
    insert(
      operator: Unnumbered<Operator>,
      person: { passwordHash: string } | { personId: string } | null,
    ): Promise<Operator>
    save(operator: Operator): Promise<void>
    /** Takes the operator out of the account; its deeds keep its name. */
    remove(operatorId: string): Promise<void>
    /** Loads for change: whoever else wants to change it waits until this transaction ends. */
    lock(ref: Ref): Promise<Operator | null>
    joinGroup(operatorId: string, groupId: string): Promise<void>
    leaveGroup(operatorId: string, groupId: string): Promise<void>
  }
  readonly groups: Reader['groups'] & {
    lock(ref: Ref): Promise<Group | null>
    /** Refuses `conflict` when another group has that priority. */
    insert(group: Unnumbered<Group>): Promise<Group>
    save(group: Group): Promise<void>
    /** No conversation is in it any more; its channels and members are without it. */
    remove(groupId: string): Promise<void>
  }
  readonly bots: Reader['bots'] & {
    lock(ref: Ref): Promise<Bot | null>
    insert(bot: Unnumbered<Bot>): Promise<Bot>
    save(bot: Bot): Promise<void>
    /** Takes the bot out of the account; its deeds keep its name, its channels are without it. */
    remove(botId: string): Promise<void>
  }
  readonly roles: Reader['roles'] & {
    lock(id: string): Promise<Role | null>
    /** Refuses `conflict` when another role has that name. */
    insert(role: Role): Promise<Role>
    save(role: Role): Promise<void>
    /** Whether operators have it, or open invitations promise it. */
    isUsed(roleId: string): Promise<boolean>
    remove(roleId: string): Promise<void>
  }
  readonly invitations: Reader['invitations'] & {
    /** Stores a hash of the secret, never the secret. */
    insert(invitation: Invitation, secret: string): Promise<void>
    lock(id: string): Promise<Invitation | null>
    /** Saves how it ended. */
    save(invitation: Invitation): Promise<void>
  }
  readonly installation: {
    /** Whether that secret opens the first set-up: while there is no account at all. */
    isSetupOpen(secret: string): Promise<boolean>
    /** The same, once: false for the second of two at once. */
    useSetup(secret: string): Promise<boolean>
  }
  readonly channels: Reader['channels'] & {
    lock(ref: Ref): Promise<Channel | null>
    /** The token of a custom app is kept sealed, since it is presented to the app, and hashed, since the app presents it. */
    insert(channel: Omit<Unnumbered<Channel>, 'groupNumber'>, token: string | null): Promise<Channel>
    /** A custom app's token in clear; null for channels that have none. */
    secretOf(channelId: string): Promise<string | null>
    save(channel: Channel): Promise<void>
    /** The old token is dead from the commit on. */
    replaceToken(channelId: string, token: string): Promise<void>
    /** Takes the channel out of the account, with its token and keys; its conversations keep its name. */
    remove(channelId: string): Promise<void>
  }
  readonly contacts: Reader['contacts'] & ContactWriter
  readonly conversations: ConversationWriter
  readonly attachments: Reader['attachments'] & {
    insert(attachment: Unnumbered<Attachment>): Promise<Attachment>
  }
  readonly reviews: Reader['reviews'] & {
    insert(review: Unnumbered<Review>): Promise<Review>
    /** Loads for change: whoever else wants to change it waits until this transaction ends. */
    lock(id: string): Promise<Review | null>
    /** Saves the answer. */
    save(review: Review): Promise<void>
  }
  readonly visitors: VisitorSessions
  readonly webhooks: WebhookWriter
  readonly messages: Reader['messages'] & {
    /** Moves ours after a place on to `delivered`, and to `read`, as far as the contact has come. Says which reached what, in order. */
    advanceSeen(seen: SeenThrough): Promise<{ id: string; statuses: MessageStatus[] }[]>
  }
  readonly ledger: MessageLedger
  readonly erasure: Erasure
  /** Writes to the event log. `isSilent` keeps webhooks from telling it. */
  record(event: DomainEvent, isSilent?: boolean): Promise<void>
  recordAll(events: DomainEvent[]): Promise<void>
  /** Writes to the audit log what is no event; events are kept there by themselves, when somebody of ours did them. */
  keepAudit(entry: NewAuditEntry): Promise<void>
  /** Has a snoozed conversation looked at again that much later; a newer wish replaces an older one. */
  enqueueWake(conversationId: string, delayMs: number): Promise<void>
}
