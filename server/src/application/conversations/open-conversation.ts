import type { Doer } from '../../domain/actor.ts'
import type { Channel } from '../../domain/channel.ts'
import type { ContactIdentity } from '../../domain/contact.ts'
import type { Conversation } from '../../domain/conversation.ts'
import { refuse } from '../../domain/errors.ts'
import type { Unnumbered } from '../ports/transaction.ts'
import type { Transaction } from '../ports/transaction.ts'
import { openEpisode } from './episodes.ts'

/** Whoever is met on the way and then gone was deleted; twice in a row it does not happen. */
const MOST_LOOKS = 3

/**
 * Finds, locked, or makes the one conversation of this identity's contact on the channel. `by` null leaves its first episode to the
 * first inbound message. Refuses `conversation_exists` when it is there and not before the actor.
 */
export async function openConversation(
  tx: Transaction,
  channel: Channel,
  identity: ContactIdentity,
  by: Doer | null,
): Promise<{ conversation: Conversation; isNew: boolean }> {
  const met = await insertOrLock(tx, channel, identity)
  if ('known' in met) return { conversation: met.known, isNew: false }
  const { inserted } = met
  const conversation = by ? await openEpisode(tx, inserted, by) : inserted
  if (by) await tx.conversations.save(conversation)
  const { contactId } = identity
  await tx.record({
    type: 'conversation.created',
    conversationId: conversation.id,
    contactId,
    channelId: channel.id,
  })
  return { conversation, isNew: true }
}

async function insertOrLock(
  tx: Transaction,
  channel: Channel,
  identity: ContactIdentity,
): Promise<{ inserted: Conversation } | { known: Conversation }> {
  let id: string | null = null
  for (let looks = 0; looks < MOST_LOOKS; looks += 1) {
    const inserted = await tx.conversations.insert(await blank(tx, channel, identity))
    if (inserted) return { inserted }
    id = await tx.conversations.idByContact(channel.id, identity.contactId)
    const known = id && (await tx.conversations.lock({ id }))
    if (known) return { known }
  }
  if (id === null) throw new Error('A conversation that was in the way is not there.')
  return refuse('conversation_exists', { what: 'conversation' })
}

async function blank(
  tx: Transaction,
  channel: Channel,
  identity: ContactIdentity,
): Promise<Unnumbered<Conversation>> {
  const groupId = channel.groupId ?? (await tx.groups.default())?.id ?? null
  return {
    id: tx.ids.next(),
    accountId: tx.accountId,
    channelId: channel.id,
    contactId: identity.contactId,
    identityId: identity.id,
    status: 'open',
    assigneeId: null,
    assigneeBotId: null,
    assignedAt: null,
    botId: channel.defaultBotId,
    isBotActive: channel.defaultBotId !== null,
    groupId,
    episodeId: null,
    priority: 'normal',
    tags: [],
    metadata: {},
    ...counters,
    isWaiting: false,
    isNew: true,
    isOperatorLast: false,
    isNoteLast: false,
    isOutgoing: false,
    isLocked: false,
    unassignedAt: tx.now,
    snoozedUntil: null,
    closedAt: null,
    closedBy: null,
    closureReason: null,
    resolution: null,
    reopenedAt: null,
    reopenedBy: null,
    note: null,
    flags: {},
    token: tx.ids.token(64),
    createdAt: tx.now,
    updatedAt: tx.now,
  }
}

const counters = {
  unreadCount: 0,
  messageCount: 0,
  lastSeq: 0,
  contactReceivedSeq: 0,
  contactReadSeq: 0,
  operatorReadSeq: 0,
  lastMicros: 0,
  lastMessageId: null,
  firstMessageAt: null,
  lastMessageAt: null,
  lastInboundAt: null,
}
