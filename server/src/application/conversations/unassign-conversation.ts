import type { Actor } from '../../domain/actor.ts'
import type { Conversation } from '../../domain/conversation.ts'
import { putBack, release } from '../../domain/conversation.ts'
import { allow } from '../../domain/permissions.ts'
import type { Ref } from '../../domain/ref.ts'
import type { ConversationView } from '../../domain/view.ts'
import type { Transaction } from '../ports/transaction.ts'
import { actingOperator, asDoer, assigneeAsDoer } from './doer.ts'
import { openEpisodeIfReopened, stayingClosed } from './episodes.ts'
import { lockConversation, viewConversation } from './load.ts'

/** `manner`: `put_back` opens a closed one and refuses `already_unassigned`; `release` leaves it closed and repeats in peace. */
export interface UnassignConversation {
  conversation: Ref
  as?: Ref
  manner: 'put_back' | 'release'
  isSilent?: boolean
}

/** Takes a conversation from whoever has it. */
export async function unassignConversation(
  tx: Transaction,
  actor: Actor,
  input: UnassignConversation,
): Promise<ConversationView> {
  allow(actor, 'conversation.write')
  const before = await lockConversation(tx, input.conversation)
  const by = asDoer(await actingOperator(tx, actor, input.as))
  const freed = input.manner === 'put_back' ? putBack(before, tx.now) : releaseOnce(before, tx.now)
  if (freed !== before) {
    const isSilent = input.isSilent ?? false
    const previous = await assigneeAsDoer(tx, before)
    const isAlone = previous?.kind !== 'operator'
    const after = await openEpisodeIfReopened(tx, { before, after: freed, by, isSilent, isAlone })
    await tx.conversations.save(after)
    const about = { conversationId: after.id, ...stayingClosed(after) }
    await tx.record({ type: 'conversation.unassigned', ...about, previous, by }, isSilent)
  }
  return viewConversation(tx, { id: before.id })
}

function releaseOnce(conversation: Conversation, now: Date): Conversation {
  const isHeld = conversation.assigneeId !== null || conversation.assigneeBotId !== null
  return isHeld ? release(conversation, now) : conversation
}
