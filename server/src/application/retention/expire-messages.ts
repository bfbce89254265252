import type { Actor } from '../../domain/actor.ts'
import type { Channel } from '../../domain/channel.ts'
import { forgetOldest } from '../../domain/conversation.ts'
import type { Transaction } from '../ports/transaction.ts'
import type { Expiry } from '../ports/erasure.ts'

const DAY_MS = 86_400_000

/** The moment before which a channel's messages go; null when it keeps them. */
export function expiryOf({ retentionDays }: Pick<Channel, 'retentionDays'>, now: Date): Date | null {
  return retentionDays === null ? null : new Date(now.getTime() - retentionDays * DAY_MS)
}

/**
 * Deletes a piece of what is older than the channel keeps, with its files, and the closed conversations in which nothing is left.
 * What remains keeps its `seq`. Says whether there may be more.
 */
export async function expireMessages(
  tx: Transaction,
  _actor: Actor,
  { channelId }: { channelId: string },
): Promise<{ hasMore: boolean }> {
  const retentionDays = await tx.erasure.retentionDaysOf(channelId)
  const before = expiryOf({ retentionDays }, tx.now)
  if (!before) return { hasMore: false }
  const piece = await tx.erasure.findExpired(channelId, before)
  if (piece.throughNumber === null) return { hasMore: false }
  const gone = await expire(tx, piece)
  await tx.erasure.noteExpired(channelId, piece.throughNumber)
  if (gone.messages > 0)
    await tx.keepAudit({
      action: 'retention.applied',
      target: { kind: 'channel', id: channelId },
      facts: { ...gone, days: retentionDays, before: before.toISOString() },
    })
  return { hasMore: piece.hasMore }
}

async function expire(
  tx: Transaction,
  piece: { messageIds: string[]; conversationIds: string[] },
): Promise<Expiry> {
  const conversations = await tx.erasure.lockConversations(piece.conversationIds)
  const gone = await tx.erasure.messages(piece.messageIds)
  const left = await tx.erasure.remainders(conversations.map(({ id }) => id))
  const shrunk = conversations.flatMap((conversation) => {
    const remainder = left.get(conversation.id)
    return remainder ? [forgetOldest(conversation, remainder)] : []
  })
  const isOver = ({ id, status }: (typeof shrunk)[number]) =>
    status === 'closed' && left.get(id)?.entries === 0
  const over = shrunk.filter(isOver).map(({ id }) => id)
  await tx.erasure.saveAll(shrunk.filter((conversation) => !isOver(conversation)))
  await tx.erasure.conversations(over)
  return { ...gone, conversations: over.length }
}
