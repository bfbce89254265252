import type { Actor } from '../../domain/actor.ts'
import { reopen } from '../../domain/conversation.ts'
import { allow } from '../../domain/permissions.ts'
import type { Ref } from '../../domain/ref.ts'
import type { ConversationView } from '../../domain/view.ts'
import type { Transaction } from '../ports/transaction.ts'
import { actingOperator, asDoer } from './doer.ts'
import { openEpisodeIfReopened } from './episodes.ts'
import { lockConversation, viewConversation } from './load.ts'

/** Opens a conversation again; whoever had it keeps it. Opening an open one changes nothing. */
export async function reopenConversation(
  tx: Transaction,
  actor: Actor,
  input: { conversation: Ref },
): Promise<ConversationView> {
  allow(actor, 'conversation.write')
  const before = await lockConversation(tx, input.conversation)
  const by = asDoer(await actingOperator(tx, actor))
  const reopened = reopen(before, by, tx.now)
  if (reopened !== before) {
    const change = { before, after: reopened, by, isSilent: false, isAlone: true }
    const after = await openEpisodeIfReopened(tx, change)
    await tx.conversations.save(after)
    if (before.status !== 'closed')
      await tx.record({ type: 'conversation.updated', conversationId: after.id, changed: ['status'], by })
  }
  return viewConversation(tx, { id: before.id })
}
