import type { Actor } from '../../domain/actor.ts'
import type { Resolution } from '../../domain/conversation.ts'
import { allow } from '../../domain/permissions.ts'
import type { Ref } from '../../domain/ref.ts'
import type { ConversationView } from '../../domain/view.ts'
import { addNote } from '../messages/append-within.ts'
import type { Transaction } from '../ports/transaction.ts'
import { actingOperator, asDoer } from './doer.ts'
import { closeWithEpisode } from './episodes.ts'
import { lockConversation, viewConversation } from './load.ts'

/** `whenClosed` says whether closing a closed one is refused (`already_closed`) or changes nothing. `notes` becomes a note. */
export interface CloseConversation {
  conversation: Ref
  as?: Ref
  reason?: string
  resolution?: Resolution
  notes?: string
  /** The client key of the note. */
  clientId?: string
  whenClosed: 'refuse' | 'accept'
  isSilent?: boolean
}

/** Ends a conversation's current episode; any operator may. */
export async function closeConversation(
  tx: Transaction,
  actor: Actor,
  input: CloseConversation,
): Promise<ConversationView> {
  allow(actor, 'conversation.write')
  const locked = await lockConversation(tx, input.conversation)
  const operator = await actingOperator(tx, actor, input.as)
  if (locked.status === 'closed' && input.whenClosed === 'accept')
    return viewConversation(tx, { id: locked.id })
  const by = asDoer(operator)
  const before = input.notes?.trim()
    ? await addNote(tx, locked, operator.id, { text: input.notes, clientId: input.clientId })
    : locked
  const closure = { by, reason: input.reason ?? null, resolution: input.resolution ?? null }
  await closeWithEpisode(tx, before, closure, input.isSilent ?? false)
  return viewConversation(tx, { id: before.id })
}
