import type { Actor } from '../../domain/actor.ts'
import { startBy } from '../../domain/conversation.ts'
import { allow } from '../../domain/permissions.ts'
import type { Ref } from '../../domain/ref.ts'
import type { ConversationView } from '../../domain/view.ts'
import type { Transaction } from '../ports/transaction.ts'
import { actingOperator, asDoer, assigneeAsDoer } from './doer.ts'
import { openEpisodeIfReopened } from './episodes.ts'
import { lockConversation, viewConversation } from './load.ts'

/** `as` is the operator who takes it; the actor's own by default. */
export interface StartConversation {
  conversation: Ref
  as?: Ref
  isSilent?: boolean
}

/** An operator takes a conversation into work. Of two at once exactly one does; the other is refused `assigned_to_other`. */
export async function startConversation(
  tx: Transaction,
  actor: Actor,
  input: StartConversation,
): Promise<ConversationView> {
  allow(actor, 'conversation.write')
  const before = await lockConversation(tx, input.conversation)
  const operator = await actingOperator(tx, actor, input.as)
  const started = startBy(before, operator.id, tx.now)
  if (started !== before) {
    const by = asDoer(operator)
    const isSilent = input.isSilent ?? false
    const previous = await assigneeAsDoer(tx, before)
    const after = await openEpisodeIfReopened(tx, { before, after: started, by, isSilent })
    await tx.conversations.save(after)
    await tx.record(
      { type: 'conversation.assigned', conversationId: before.id, assignee: by, previous, by },
      isSilent,
    )
  }
  return viewConversation(tx, { id: before.id })
}
