import type { Actor } from '../../domain/actor.ts'
import { refuse } from '../../domain/errors.ts'
import { canAdvance } from '../../domain/message.ts'
import type { Outbound, SendOutcome } from '../ports/channel-adapter.ts'
import type { Transaction } from '../ports/transaction.ts'

/** How long one attempt may hold a conversation's dispatch; longer than any transport's own time limit. */
const LEASE_MS = 60_000

/** Pauses after failed attempts, in seconds; after the last one the message has failed. About 15 hours in all. */
const PAUSES = [5, 30, 60, 300, 900, 1800, 3600, 7200, 14_400, 28_800]

export interface DispatchTurn {
  conversationId: string
  /** Who dispatches; the same holder may go on, another waits. */
  holder: string
}

/** The next message to send, with everything its transport needs; null when there is none or another holder is at it. */
export async function claimNext(
  tx: Transaction,
  _actor: Actor,
  turn: DispatchTurn,
): Promise<Omit<Outbound, 'fileUrl'> | null> {
  const { conversationId, holder } = turn
  if (!(await tx.conversations.leaseDispatch(conversationId, holder, LEASE_MS))) {
    // Should that holder die at it, somebody looks again when its lease has run out.
    await tx.enqueueDispatch(conversationId, LEASE_MS)
    return null
  }
  // Under the conversation's lock no message is appended between "nothing is pending" and giving the lease back.
  await tx.conversations.lock({ id: conversationId })
  const next = await tx.messages.nextPending(conversationId)
  const isDue = next !== null && (next.retryAt === null || next.retryAt <= tx.now)
  if (!isDue) {
    if (next?.retryAt) await tx.enqueueDispatch(conversationId, next.retryAt.getTime() - tx.now.getTime())
    await tx.conversations.releaseDispatch(conversationId, holder)
    return null
  }
  const view = await tx.conversations.view({ id: conversationId })
  if (!view) return null
  const token = await tx.channels.secretOf(view.channel.id)
  return { channel: view.channel, identity: view.identity, message: next.message, token }
}

/** Writes down what became of an attempt: steps forward, a later attempt, or failure. */
export async function recordOutcome(
  tx: Transaction,
  _actor: Actor,
  input: { messageId: string; outcome: SendOutcome },
): Promise<void> {
  const { messageId, outcome } = input
  const message = (await tx.messages.lock(messageId)) ?? refuse('not_found', { what: 'message' })
  if (outcome.kind === 'sent') {
    await advanceThrough(tx, { ...message, id: messageId }, outcome)
    return
  }
  const pause = PAUSES[message.attempts]
  if (outcome.kind === 'refused' || pause === undefined) {
    await advance(tx, { ...message, id: messageId }, 'failed', {
      error: outcome.reason,
      providerMessageId: null,
    })
    return
  }
  const retryAt = new Date(tx.now.getTime() + pause * 1000)
  await tx.messages.defer({ messageId, error: outcome.reason, retryAt })
  await tx.enqueueDispatch(message.conversationId, pause * 1000)
}

type Locked = NonNullable<Awaited<ReturnType<Transaction['messages']['lock']>>> & { id: string }

async function advanceThrough(
  tx: Transaction,
  message: Locked,
  outcome: Extract<SendOutcome, { kind: 'sent' }>,
): Promise<void> {
  let { status } = message
  for (const next of outcome.statuses) {
    if (!canAdvance(status, next)) continue
    await advance(tx, message, next, { error: null, providerMessageId: outcome.providerMessageId })
    status = next
  }
}

async function advance(
  tx: Transaction,
  message: Locked,
  status: Locked['status'],
  said: { error: string | null; providerMessageId: string | null },
): Promise<void> {
  await tx.messages.advance(message.id, { status, at: tx.now, ...said })
  const { conversationId, id: messageId } = message
  await tx.record({ type: 'message.advanced', conversationId, messageId, status, error: said.error })
}
