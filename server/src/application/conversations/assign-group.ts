import type { Actor } from '../../domain/actor.ts'
import { moveToGroup } from '../../domain/conversation.ts'
import { refuse } from '../../domain/errors.ts'
import { allow } from '../../domain/permissions.ts'
import type { Ref } from '../../domain/ref.ts'
import type { ConversationView } from '../../domain/view.ts'
import type { Transaction } from '../ports/transaction.ts'
import { actingOperator, asDoer } from './doer.ts'
import { lockConversation, viewConversation } from './load.ts'

export interface AssignGroup {
  conversation: Ref
  group: Ref
  isSilent?: boolean
}

/** Moves a conversation to a group; its operator and status stay. Refuses `already_in_group`. */
export async function assignGroup(
  tx: Transaction,
  actor: Actor,
  input: AssignGroup,
): Promise<ConversationView> {
  allow(actor, 'conversation.write')
  const before = await lockConversation(tx, input.conversation)
  const group = (await tx.groups.find(input.group)) ?? refuse('not_found', { what: 'group' })
  const after = moveToGroup(before, group.id, tx.now)
  await tx.conversations.save(after)
  await tx.record(
    {
      type: 'conversation.grouped',
      conversationId: after.id,
      groupId: group.id,
      previousGroupId: before.groupId,
      by: asDoer(await actingOperator(tx, actor)),
    },
    input.isSilent,
  )
  return viewConversation(tx, { id: after.id })
}
