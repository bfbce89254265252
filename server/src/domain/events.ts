import type { Doer } from './actor.ts'
import type { ChannelStatus } from './channel.ts'
import type { AuthorKind, Direction, MessageKind, MessageStatus } from './message.ts'
import type { WebhookPause } from './webhook.ts'

/**
 * What happened, with ids and the facts that cannot be re-read later. Additive changes only.
 * Written in the transaction that made it true; everything that tells the outside world reads this log.
 */
export type DomainEvent =
  /** `channelId` is null for one that was made by hand and is on no channel yet. */
  | { type: 'contact.created'; contactId: string; channelId: string | null }
  | { type: 'contact.updated'; contactId: string; changed: string[] }
  | { type: 'conversation.created'; conversationId: string; contactId: string; channelId: string }
  /** `wasClosed`: it was there and closed; a first message opens one that is new. Older events do not say. */
  | {
      type: 'conversation.opened'
      conversationId: string
      episodeId: string
      by: Doer
      wasClosed?: boolean
    }
  /** `isClosed`: it is closed, and stays so. */
  | {
      type: 'conversation.assigned'
      conversationId: string
      assignee: Doer
      previous: Doer | null
      by: Doer
      isClosed?: true
    }
  | {
      type: 'conversation.transferred'
      conversationId: string
      assignee: Doer
      previous: Doer | null
      by: Doer
    }
  | {
      type: 'conversation.unassigned'
      conversationId: string
      previous: Doer | null
      by: Doer
      isClosed?: true
    }
  | {
      type: 'conversation.grouped'
      conversationId: string
      groupId: string
      previousGroupId: string | null
      by: Doer
    }
  /** `assignee`: who had it, and keeps it. Older events do not say. */
  | {
      type: 'conversation.closed'
      conversationId: string
      episodeId: string | null
      by: Doer
      assignee?: Doer | null
    }
  /** `assignee`: who has it then; absent where the next event of the same deed gives it to an operator, or takes it from one. */
  | {
      type: 'conversation.reopened'
      conversationId: string
      episodeId: string
      by: Doer
      assignee?: Doer | null
    }
  | { type: 'conversation.updated'; conversationId: string; changed: string[]; by: Doer }
  | {
      type: 'message.received' | 'message.queued' | 'message.noted'
      conversationId: string
      messageId: string
      seq: number
      kind: MessageKind
      direction: Direction
      author: AuthorKind
      /** At birth: `pending` waits for its transport, `sent` had none to wait for. Older events do not say. */
      status?: MessageStatus
    }
  | {
      type: 'message.advanced'
      conversationId: string
      messageId: string
      /** The last of `statuses`. */
      status: MessageStatus
      /** All that were reached in this step, in order. Older events only name the last. */
      statuses?: MessageStatus[]
      error: string | null
    }
  | {
      /** `rated`: answered, and not confirmed yet. */
      type: 'review.requested' | 'review.rated' | 'review.confirmed'
      conversationId: string
      reviewId: string
      messageId: string
    }
  | { type: 'operator.created' | 'operator.updated' | 'operator.deleted'; operatorId: string }
  | { type: 'channel.created'; channelId: string }
  /** `status` where that is what changed. Older events do not say. */
  | { type: 'channel.updated'; channelId: string; changed: string[]; status?: ChannelStatus }
  | { type: 'channel.deleted'; channelId: string }
  | { type: 'group.created' | 'group.deleted'; groupId: string }
  | { type: 'group.updated'; groupId: string; changed: string[] }
  | { type: 'role.created' | 'role.updated' | 'role.deleted'; roleId: string }
  | { type: 'bot.created' | 'bot.updated' | 'bot.deleted'; botId: string }
  | { type: 'account.updated'; changed: string[] }
  | { type: 'invitation.created' | 'invitation.accepted' | 'invitation.revoked'; invitationId: string }
  /** Everything of the contact is gone: whoever keeps copies is to forget these conversations. */
  | { type: 'contact.deleted'; contactId: string; conversationIds: string[] }
  | { type: 'token.created' | 'token.revoked'; tokenId: string }
  | { type: 'webhook.created' | 'webhook.deleted' | 'webhook.resumed'; webhookId: string }
  | { type: 'webhook.updated'; webhookId: string; changed: string[] }
  /** The server stopped telling it: it said that it is gone, or did nothing but fail. */
  | { type: 'webhook.paused'; webhookId: string; reason: WebhookPause }
  | { type: 'webhook.replayed'; webhookId: string; count: number }
