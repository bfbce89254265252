import type { Account } from '../../domain/account.ts'
import type { Attachment } from '../../domain/attachment.ts'
import type { Bot } from '../../domain/bot.ts'
import type { Channel, ChannelKind } from '../../domain/channel.ts'
import type { Contact, ContactIdentity } from '../../domain/contact.ts'
import type { ConversationStatus, Episode } from '../../domain/conversation.ts'
import type { Group } from '../../domain/group.ts'
import type { Invitation } from '../../domain/invitation.ts'
import type { Message } from '../../domain/message.ts'
import type { Operator } from '../../domain/operator.ts'
import type { Ref } from '../../domain/ref.ts'
import type { Review } from '../../domain/review.ts'
import type { Role } from '../../domain/role.ts'
import type { Token, TokenKind } from '../../domain/token.ts'
import type { ConversationView } from '../../domain/view.ts'
import type { AuditReader } from './audit.ts'
import type { Expiry } from './erasure.ts'
import type { EventLog } from './event-log.ts'
import type { VisitorSessions } from './visitors.ts'
import type { LiveReader } from './live-reader.ts'
import type { WebhookReader } from './webhooks.ts'
import type { WebhookSubjects } from './webhook-subjects.ts'

/** `asc` is oldest first. */
export type Order = 'asc' | 'desc'

/** A page by keyset: rows beyond `after` in the order given, at most `limit`. `after` null begins at the end the order begins with. */
export interface Keyset {
  after: number | null
  order: Order
  limit: number
}

/** One row of an operator's queue. */
export interface QueueRow {
  id: string
  number: number
  kind: ChannelKind
  groupNumber: number | null
  assigneeNumber: number | null
  assigneeEmail: string | null
  contact: Pick<Contact, 'name' | 'customName'>
  identity: Pick<ContactIdentity, 'number' | 'nickname' | 'externalId'>
  isNew: boolean
  unreadCount: number
  unassignedAt: Date | null
  lastMessageAt: Date | null
}

/** Which conversations wait: for anybody (`unassigned`), to be read, or to be answered (both taken by an operator). */
export interface QueueQuery {
  queue: 'unassigned' | 'unread' | 'unanswered'
  operator: Ref | null
  group: Ref | null
  limit: number
}

export type ConversationSort =
  'createdAt' | 'updatedAt' | 'lastMessageAt' | 'status' | 'priority' | 'unreadCount'

/** Equality filters and a search, by numbered pages. Every filter given must hold. */
export interface ConversationSearch {
  status?: ConversationStatus
  channelId?: string
  channelKinds?: ChannelKind[]
  /** An operator who has it, or a bot that has it or whose turn it is. */
  assignee?: { kind: 'operator' | 'bot'; id: string }
  contactId?: string
  botId?: string
  createdFrom?: Date
  /** Exclusive. */
  createdBefore?: Date
  /** Case-insensitive: part of the contact's name, or of a message's text from where a word begins; anywhere in the newest ones. */
  text?: string
  sort: ConversationSort
  order: Order
  limit: number
  offset: number
}

/** A row's place in the order of changes. */
export interface ListPlace {
  updatedAt: Date
  id: string
}

/** A list by date of change, latest first, from a place on. Every filter given must hold. */
export interface ConversationListing {
  status?: ConversationStatus
  queue?: QueueQuery['queue']
  channelId?: string
  contactId?: string
  groupId?: string
  tag?: string
  /** An operator who has it, a bot that has it or whose turn it is, or nobody of either kind. */
  assignee?: { kind: 'operator' | 'bot'; id: string } | 'none'
  after: ListPlace | null
  limit: number
}

/** Contacts, newest first, with numbers below `after`. Every filter given must hold. */
export interface ContactListing {
  /** Part of the name, case-insensitive. */
  name?: string
  /** Digits. */
  phone?: string
  email?: string
  after: number | null
  limit: number
}

/** A conversation that is under way, with what was last known of its contact. */
export interface Talk {
  conversationId: string
  contact: Pick<Contact, 'name' | 'phone' | 'email'>
}

/** How far matches are counted and listed where counting all of them would take as long as there are conversations. */
export const MOST_COUNTED = 10_000

export interface ConversationReader {
  /** Whether it is there and before the actor. Loading for change, views and lists know only such ones; so do counts. */
  isWithin(conversationId: string): Promise<boolean>
  /** Whether the actor has any conversation with the contact before it; always, for one that sees all. */
  isContactWithin(contactId: string): Promise<boolean>
  /** The conversation of whoever the channel knows by that external id. */
  talk(channelId: string, externalId: string): Promise<Talk | null>
  view(ref: Ref): Promise<ConversationView | null>
  /** The conversation of this contact on this channel. */
  idByContact(channelId: string, contactId: string): Promise<string | null>
  queue(query: QueueQuery): Promise<QueueRow[]>
  /** By number. */
  page(keyset: Keyset): Promise<ConversationView[]>
  list(listing: ConversationListing): Promise<ConversationView[]>
  /** Those with a contact that are before the actor, oldest first: one on each channel at most. */
  ofContact(contactId: string): Promise<ConversationView[]>
  /** The account's tags in use that begin so, in the order of their bytes, beyond `after`. */
  tags(query: { prefix: string; after: string | null; limit: number }): Promise<string[]>
  episodes(conversationId: string): Promise<Episode[]>
  /** `total` is exact without a filter and by status alone, else at most `MOST_COUNTED`: there a list with a filter ends. */
  search(search: ConversationSearch): Promise<{ views: ConversationView[]; total: number }>
  /** Everybody who had it or wrote in it, first deed first. */
  participants(conversationId: string): Promise<{ operators: Operator[]; bots: Bot[] }>
}

/** Messages of one conversation by `seq`; notes and system lines only where asked for. */
export interface MessageQuery {
  conversationId: string
  /** Exclusive bounds. */
  afterSeq?: number
  beforeSeq?: number
  order: Order
  limit: number | null
  isInternalIncluded?: boolean
  /** Leaves out what no transport has accepted yet. */
  isAcceptedOnly?: boolean
}

export interface MessageReader {
  list(query: MessageQuery): Promise<Message[]>
  find(ref: Ref): Promise<Message | null>
  findByClientId(conversationId: string, clientId: string): Promise<Message | null>
  findByProviderId(channelId: string, providerMessageId: string): Promise<Message | null>
  byDispatch(dispatchNumber: number): Promise<Message[]>
  /** How many of ours, neither notes nor system lines, come after a place. */
  countFromUs(conversationId: string, afterSeq: number): Promise<number>
}

export interface ContactReader {
  /** Only those with a conversation before the actor, unless it sees all. */
  list(listing: ContactListing): Promise<Contact[]>
  /** Oldest first. */
  identitiesOf(contactId: string): Promise<ContactIdentity[]>
  find(ref: Ref): Promise<Contact | null>
  /** By digits; the oldest when several share it. */
  findByPhone(phone: string): Promise<Contact | null>
  findByEmail(email: string): Promise<Contact | null>
  identity(ref: Ref): Promise<ContactIdentity | null>
  identityOn(channelId: string, externalId: string): Promise<ContactIdentity | null>
  identityOfContact(channelId: string, contactId: string): Promise<ContactIdentity | null>
}

/** What went through a channel since a moment, and how many of its conversations are not closed. */
export interface ChannelTraffic {
  received: number
  sent: number
  activeConversations: number
}

/** What a channel would lose, and how old the oldest of it is. */
export interface ExpiryPreview extends Expiry {
  oldestAt: Date | null
}

export interface ChannelReader {
  find(ref: Ref): Promise<Channel | null>
  /** The oldest active channel of the kind. */
  firstOfKind(kind: ChannelKind): Promise<Channel | null>
  page(keyset: Keyset): Promise<Channel[]>
  list(filter: {
    kinds?: ChannelKind[]
    status?: string
    text?: string
    limit: number
    offset: number
  }): Promise<{ channels: Channel[]; total: number }>
  /** By channel id; notes and system lines are no traffic. */
  traffic(channelIds: string[], since: Date): Promise<Map<string, ChannelTraffic>>
  /** What is older than the moment, and the closed conversations in which there is nothing else. */
  previewExpiry(channelId: string, before: Date): Promise<ExpiryPreview>
}

export interface OperatorReader {
  find(ref: Ref): Promise<Operator | null>
  owner(): Promise<Operator>
  /** By number. */
  list(): Promise<Operator[]>
  byExternalId(externalId: string): Promise<Operator | null>
  /** The id of the person with that address, in whatever account they work. */
  personOf(email: string): Promise<string | null>
  page(keyset: Keyset): Promise<Operator[]>
  /** By operator id: the groups each of them is in. */
  groupIds(operatorIds: string[]): Promise<Map<string, string[]>>
}

/** The account's own roles; those that every account has are in the domain. */
export interface RoleReader {
  find(id: string): Promise<Role | null>
  /** By name. */
  list(): Promise<Role[]>
}

/** Live tokens, newest first: beyond the one named, at most `limit`. */
export interface TokenQuery {
  kind?: TokenKind
  afterId: string | null
  limit: number
}

/** What can be read of one account. Use cases that are handed only this cannot change anything. */
export interface Reader {
  readonly accountId: string
  /** One moment for the whole reading or transaction. */
  readonly now: Date
  readonly accounts: {
    current(): Promise<Account>
    /** Whether the account is there at all; everything else takes that for granted. */
    exists(): Promise<boolean>
  }
  readonly operators: OperatorReader
  readonly groups: {
    find(ref: Ref): Promise<Group | null>
    list(): Promise<Group[]>
    default(): Promise<Group | null>
    page(keyset: Keyset): Promise<Group[]>
    /** By group id: the operators in each. */
    memberIds(groupIds: string[]): Promise<Map<string, string[]>>
  }
  readonly bots: {
    find(ref: Ref): Promise<Bot | null>
    list(): Promise<Bot[]>
    /** The account's own bot, in whose name the system asks. */
    first(): Promise<Bot | null>
    page(keyset: Keyset): Promise<Bot[]>
  }
  readonly channels: ChannelReader
  readonly contacts: ContactReader
  readonly conversations: ConversationReader
  readonly messages: MessageReader
  readonly attachments: {
    find(ref: Ref): Promise<Attachment | null>
    /** Files of a conversation, also those that wait for their message, oldest first, beyond a number. */
    ofConversation(conversationId: string, after: number, limit: number): Promise<Attachment[]>
  }
  readonly reviews: {
    find(ref: Ref): Promise<Review | null>
    ofConversation(conversationId: string): Promise<Review[]>
  }
  readonly events: EventLog
  readonly live: LiveReader
  /** Which events tell of a conversation, or of a contact alone, oldest first, beyond an id. */
  eventsAbout(
    about: { conversationId: string } | { contactId: string },
    after: number,
    limit: number,
  ): Promise<{ id: number; type: string; occurredAt: Date }[]>
  readonly audit: AuditReader
  readonly visitors: Pick<VisitorSessions, 'byId'>
  readonly webhooks: WebhookReader
  readonly webhookSubjects: WebhookSubjects
  readonly roles: RoleReader
  readonly invitations: {
    /** Those that wait to be accepted, newest first. */
    listOpen(): Promise<Invitation[]>
    bySecret(secret: string): Promise<Invitation | null>
  }
  readonly tokens: {
    /** Those that have not been revoked, newest first. */
    list(kind?: TokenKind): Promise<Token[]>
    page(query: TokenQuery): Promise<Token[]>
  }
}
