import type { Actor } from '../../domain/actor.ts'
import { refuse } from '../../domain/errors.ts'
import type { MessageStatus } from '../../domain/message.ts'
import { canAdvance } from '../../domain/message.ts'
import type { Outbound, SendOutcome } from '../ports/channel-adapter.ts'
import type { Transaction } from '../ports/transaction.ts'

/** How long one attempt may hold a conversation's dispatch; longer than any transport's own time limit. */
const LEASE_MS = 30_000

/** Pauses after failed attempts, in seconds; after the last one the message has failed. About 15 hours in all. */
const PAUSES = [5, 30, 60, 300, 900, 1800, 3600, 7200, 14_400, 28_800]

export interface DispatchTurn {
  conversationId: string
  /** Who dispatches; the same holder may go on, another waits. */
  holder: string
  /** What became of the message of the turn before. */
  done: { messageId: string; outcome: SendOutcome } | null
}

/**
 * Writes down what became of the last message and hands out the next one, with everything its transport needs;
 * null when there is none to send now, or another holder is at it. All under the conversation's lock, so that no
 * message is appended between "nothing is pending" and giving the lease back.
 */
export async function takeTurn(
  tx: Transaction,
  _actor: Actor,
  turn: DispatchTurn,
): Promise<Omit<Outbound, 'fileUrl'> | null> {
  const { conversationId, holder, done } = turn
  const conversation = await tx.conversations.lock({ id: conversationId })
  if (!conversation) return null
  if (done) await recordOutcome(tx, conversationId, done)
  if (!(await tx.conversations.leaseDispatch(conversationId, holder, LEASE_MS))) {
    // Should that holder die at it, somebody looks again when its lease has run out.
    await tx.enqueueDispatch(conversationId, LEASE_MS)
    return null
  }
  const next = await tx.messages.nextPending(conversationId)
  const waitMs = next?.retryAt ? next.retryAt.getTime() - tx.now.getTime() : 0
  if (!next || waitMs > 0) {
    if (next) await tx.enqueueDispatch(conversationId, waitMs)
    await tx.conversations.releaseDispatch(conversationId, holder)
    return null
  }
  const channel = (await tx.channels.find({ id: conversation.channelId })) ?? refuse('not_found')
  const identity = (await tx.contacts.identity({ id: conversation.identityId })) ?? refuse('not_found')
  const token = channel.transport === 'custom_app' ? await tx.channels.secretOf(channel.id) : null
  return { channel, identity, message: next.message, token }
}

/** Steps forward, a later attempt, or failure. */
async function recordOutcome(
  tx: Transaction,
  conversationId: string,
  { messageId, outcome }: NonNullable<DispatchTurn['done']>,
): Promise<void> {
  const message = (await tx.messages.lock(messageId)) ?? refuse('not_found', { what: 'message' })
  const pause = PAUSES[message.attempts]
  if (outcome.kind === 'deferred' && pause !== undefined) {
    const retryAt = new Date(tx.now.getTime() + pause * 1000)
    await tx.messages.defer({ messageId, error: outcome.reason, retryAt })
    return
  }
  const isSent = outcome.kind === 'sent'
  const error = isSent ? null : outcome.reason
  const statuses = reachable(message.status, isSent ? outcome.statuses : ['failed'])
  if (statuses.length === 0) return
  const providerMessageId = isSent ? outcome.providerMessageId : null
  await tx.messages.advance(messageId, { statuses, at: tx.now, error, providerMessageId })
  await tx.recordAll(
    statuses.map((status) => ({ type: 'message.advanced', conversationId, messageId, status, error })),
  )
}

/** The statuses that are steps forward, each from the one before it. */
function reachable(from: MessageStatus, statuses: MessageStatus[]): MessageStatus[] {
  let current = from
  return statuses.filter((status) => {
    if (!canAdvance(current, status)) return false
    current = status
    return true
  })
}
