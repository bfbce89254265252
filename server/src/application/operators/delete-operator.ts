import type { Actor } from '../../domain/actor.ts'
import { release } from '../../domain/conversation.ts'
import { refuse } from '../../domain/errors.ts'
import { mustStandDown } from '../../domain/operator.ts'
import { allow } from '../../domain/permissions.ts'
import type { Ref } from '../../domain/ref.ts'
import { actingOperator, asDoer } from '../conversations/doer.ts'
import type { Transaction } from '../ports/transaction.ts'
import { mustNotOutrank } from './powers.ts'

export interface DeleteOperator {
  operator: Ref
  /** The owner stays: told as such, or as if nobody were there. */
  whenOwner: 'forbidden' | 'not_found'
  isSilent?: boolean
}

/** Takes an operator out of the account; the conversations in its hands go back to the unassigned. Refuses `forbidden` for oneself and whoever can do more. */
export async function deleteOperator(tx: Transaction, actor: Actor, input: DeleteOperator): Promise<void> {
  allow(actor, 'operator.write')
  const operator = (await tx.operators.find(input.operator)) ?? refuse('not_found', { what: 'operator' })
  if (operator.role === 'owner' && input.whenOwner === 'not_found')
    refuse('not_found', { what: 'operator', reason: 'the owner cannot be deleted' })
  mustStandDown(operator, actor)
  await mustNotOutrank(tx, actor, operator)
  const by = asDoer(await actingOperator(tx, actor))
  for (const conversation of await tx.conversations.lockAssignedTo(operator.id)) {
    await tx.conversations.save(release(conversation, tx.now))
    const previous = asDoer(operator)
    await tx.record(
      { type: 'conversation.unassigned', conversationId: conversation.id, previous, by },
      input.isSilent,
    )
  }
  await tx.operators.remove(operator.id)
  await tx.record({ type: 'operator.deleted', operatorId: operator.id }, input.isSilent)
}
