import type { Actor } from '../../domain/actor.ts'
import { readByOurs } from '../../domain/conversation.ts'
import { allow } from '../../domain/permissions.ts'
import type { Ref } from '../../domain/ref.ts'
import type { ConversationView } from '../../domain/view.ts'
import type { Transaction } from '../ports/transaction.ts'
import { actingOperator, asDoer } from './doer.ts'
import { lockConversation, viewConversation } from './load.ts'

/** Somebody has read what the contact wrote. The conversation keeps its place in lists: nothing happened in it. */
export async function markRead(
  tx: Transaction,
  actor: Actor,
  input: { conversation: Ref },
): Promise<ConversationView> {
  allow(actor, 'conversation.write')
  const before = await lockConversation(tx, input.conversation)
  if (before.unreadCount > 0) {
    await tx.conversations.save(readByOurs(before))
    const by = asDoer(await actingOperator(tx, actor))
    await tx.record({ type: 'conversation.updated', conversationId: before.id, changed: ['unreadCount'], by })
  }
  return viewConversation(tx, { id: before.id })
}
