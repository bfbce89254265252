import type { Generated } from 'kysely'
import type { Account } from '../domain/account.ts'
import type { Attachment } from '../domain/attachment.ts'
import type { Bot } from '../domain/bot.ts'
import type { Channel } from '../domain/channel.ts'
import type { Contact, ContactIdentity } from '../domain/contact.ts'
import type { Conversation, Episode } from '../domain/conversation.ts'
import type { Group } from '../domain/group.ts'
import type { Invitation } from '../domain/invitation.ts'
import type { Message } from '../domain/message.ts'
import type { Operator } from '../domain/operator.ts'
import type { JsonObject } from '../domain/ref.ts'
import type { Review } from '../domain/review.ts'
import type { Role } from '../domain/role.ts'
import type { Token } from '../domain/token.ts'
import type { VisitorSession } from '../domain/visitor.ts'
import type { Delivery, Webhook } from '../domain/webhook.ts'
import type { WidgetSettings } from '../domain/widget.ts'

/** A domain row whose integer name the database gives. */
type Numbered<Row> = Omit<Row, 'number'> & { number: Generated<number> }

export type ConversationRow = Conversation
export type MessageRow = Omit<Message, 'author' | 'authorNumber' | 'attachment'> & {
  authorKind: Message['author']['kind']
  authorId: string | null
  attachmentId: string | null
  sourceUrl: string | null
}
export type ContactRow = Omit<Contact, 'avatar'> & { avatarId: string | null }
export type OperatorRow = Omit<Operator, 'avatar'> & {
  avatarId: string | null
  personId: string | null
  removedAt: Date | null
}
export type ChannelRow = Omit<Channel, 'groupNumber' | 'widget'> & {
  widget: Partial<WidgetSettings> | null
  sealedToken: string | null
  removedAt: Date | null
}
export type BotRow = Bot & { removedAt: Date | null }

/** Columns as Kysely sees them: camelCase here, snake_case in the database. */
export interface Tables {
  account: Numbered<Omit<Account, 'ownerNumber'>>
  person: {
    id: string
    name: string
    email: string
    emailVerified: Generated<boolean>
    twoFactorEnabled: Generated<boolean>
    createdAt: Generated<Date>
    updatedAt: Generated<Date>
  }
  personCredential: {
    id: string
    accountId: string
    providerId: string
    userId: string
    password: string | null
    createdAt: Generated<Date>
    updatedAt: Generated<Date>
  }
  personSession: {
    id: string
    token: string
    userId: string
    ipAddress: string | null
    userAgent: string | null
    expiresAt: Date
    createdAt: Date
    updatedAt: Date
  }
  personSecondFactor: { id: string; userId: string }
  refreshToken: {
    secretHash: Buffer
    sessionId: string
    usedAt: Date | null
    expiresAt: Date
    createdAt: Date
  }
  signInFailure: { name: Buffer; failures: number; beganAt: Date; lockedUntil: Date | null }
  installation: {
    isOnly: Generated<boolean>
    identity: string
    epoch: string
    setupHash: Generated<Buffer | null>
  }
  role: Role
  invitation: Invitation & { secretHash: Buffer }
  auditEntry: {
    accountId: string
    id: Generated<number>
    action: string
    actorKind: string
    actorId: string | null
    operatorId: string | null
    targetKind: string | null
    targetId: string | null
    address: string | null
    facts: JsonObject
    createdAt: Date
  }
  operator: Omit<Numbered<OperatorRow>, 'removedAt' | 'personId'> & {
    removedAt: Generated<Date | null>
    personId: Generated<string | null>
  }
  operatorGroup: Numbered<Group>
  operatorGroupMember: { accountId: string; groupId: string; operatorId: string }
  bot: Omit<Numbered<BotRow>, 'removedAt'> & { removedAt: Generated<Date | null> }
  channel: Omit<Numbered<ChannelRow>, 'removedAt'> & { removedAt: Generated<Date | null> }
  contact: Numbered<ContactRow>
  contactIdentity: Numbered<ContactIdentity>
  conversation: Numbered<ConversationRow>
  episode: Numbered<Episode>
  attachment: Numbered<Attachment>
  message: Numbered<MessageRow>
  review: Numbered<Review>
  keptAnswer: {
    accountId: string
    name: Buffer
    fingerprint: Buffer
    holder: string | null
    leasedUntil: Date | null
    status: number | null
    headers: Record<string, string> | null
    sealedBody: string | null
    begunAt: Date
    keptUntil: Date
  }
  token: Token & { secretHash: Buffer; revokedAt: Generated<Date | null> }
  widgetKey: { key: string; accountId: string; channelId: string }
  visitorSession: Omit<VisitorSession, 'sessionId'> & { id: string; secretHash: Buffer }
  webhook: Omit<Numbered<Webhook>, 'headers'> & {
    sealedHeaders: string
    sealedSecret: string | null
    sealedPreviousSecret: Generated<string | null>
    previousSecretUntil: Generated<Date | null>
    afterTransactionId: number
    afterId: number
    succeededCount: Generated<number>
    failedCount: Generated<number>
    attemptCount: Generated<number>
    latencyMs: Generated<number>
    removedAt: Generated<Date | null>
  }
  webhookDelivery: Numbered<Delivery>
  channelToken: { secretHash: Buffer; accountId: string; channelId: string }
  event: {
    accountId: string
    id: Generated<number>
    type: string
    conversationId: string | null
    data: JsonObject
    isSilent: boolean
    createdAt: Date
  }
}
