import type { Actor, Doer } from '../../domain/actor.ts'
import { assignToBot, assignToOperator } from '../../domain/conversation.ts'
import type { Conversation } from '../../domain/conversation.ts'
import { refuse } from '../../domain/errors.ts'
import { allow } from '../../domain/permissions.ts'
import type { Ref } from '../../domain/ref.ts'
import type { ConversationView } from '../../domain/view.ts'
import { addNote, appendWithin } from '../messages/append-within.ts'
import type { Transaction } from '../ports/transaction.ts'
import { findAssignee } from './assign-conversation.ts'
import { actingOperator, asDoer, assigneeAsDoer } from './doer.ts'
import { lockConversation, viewConversation } from './load.ts'

/** Hand-over with context: `summary` and `reason` become a note, `isContactNotified` tells the contact. */
export interface TransferConversation {
  conversation: Ref
  to: Ref
  reason?: string
  summary?: string
  isContactNotified: boolean
  /** What the client keys of the note and of the contact's notice begin with. */
  clientId?: string
}

export interface Transferred {
  view: ConversationView
  assignee: Doer & { id: string }
  previous: Doer | null
  by: Doer
  at: Date
}

/** Hands a conversation to another operator or bot. Refuses `already_closed`: a closed one has nobody to hand over. */
export async function transferConversation(
  tx: Transaction,
  actor: Actor,
  input: TransferConversation,
): Promise<Transferred> {
  allow(actor, 'conversation.write')
  const before = await lockConversation(tx, input.conversation)
  const assignee = await findAssignee(tx, { either: input.to })
  if (before.status === 'closed') refuse('already_closed', { what: 'conversation' })
  const self = await actingOperator(tx, actor)
  const previous = await assigneeAsDoer(tx, before)
  const informed = await leaveContext(tx, before, self.id, input)
  const after = giveTo(informed, assignee, tx.now)
  await tx.conversations.save(after)
  const by = asDoer(self)
  await tx.record({ type: 'conversation.transferred', conversationId: after.id, assignee, previous, by })
  return { view: await viewConversation(tx, { id: after.id }), assignee, previous, by, at: tx.now }
}

function giveTo(conversation: Conversation, assignee: Doer & { id: string }, now: Date): Conversation {
  return assignee.kind === 'bot'
    ? assignToBot(conversation, assignee.id, now)
    : assignToOperator(conversation, assignee.id, now)
}

async function leaveContext(
  tx: Transaction,
  conversation: Conversation,
  operatorId: string,
  input: TransferConversation,
): Promise<Conversation> {
  const note = [input.reason, input.summary].filter((part) => part?.trim()).join('\n\n')
  const keyOf = (what: string) => input.clientId && `${input.clientId}:${what}`
  const noted = note
    ? await addNote(tx, conversation, operatorId, { text: note, clientId: keyOf('note') })
    : conversation
  if (!input.isContactNotified) return noted
  const told = await appendWithin(
    tx,
    {
      conversation: { id: conversation.id },
      speaker: { system: true },
      content: {
        kind: 'text',
        text: 'You are being transferred to a colleague who will continue to help you.',
      },
      clientId: keyOf('notice'),
    },
    null,
  )
  return told.conversation
}
