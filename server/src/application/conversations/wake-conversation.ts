import type { Actor, Doer } from '../../domain/actor.ts'
import { reopen } from '../../domain/conversation.ts'
import type { Transaction } from '../ports/transaction.ts'

const ALARM: Doer = { kind: 'system', id: null, name: 'snooze' }

/** Opens a snoozed conversation whose time has come; one that was opened, or snoozed anew, meanwhile is left alone. */
export async function wakeConversation(
  tx: Transaction,
  _actor: Actor,
  input: { conversationId: string },
): Promise<void> {
  const before = await tx.conversations.lock({ id: input.conversationId })
  if (before?.status !== 'snoozed' || !before.snoozedUntil) return
  const early = before.snoozedUntil.getTime() - tx.now.getTime()
  // Woken by another clock than ours, or for an older wish: looked at again in time.
  if (early > 0) return tx.enqueueWake(before.id, early)
  await tx.conversations.save(reopen(before, ALARM, tx.now))
  await tx.record({ type: 'conversation.updated', conversationId: before.id, changed: ['status'], by: ALARM })
}
