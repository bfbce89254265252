import type { Conversation } from '../../domain/conversation.ts'
import { DomainError } from '../../domain/errors.ts'
import type { Transaction } from '../ports/transaction.ts'
import type { Append, Appended } from './append.ts'
import { appendMessages } from './append-messages.ts'

/** Appends one message inside a transaction that does more than that; throws what refuses it. */
export async function appendWithin(
  tx: Transaction,
  append: Append,
  actorOperatorId: string | null,
): Promise<Appended> {
  const [outcome] = await appendMessages(tx.ledger, [{ accountId: tx.accountId, actorOperatorId, append }])
  if (!outcome) throw new Error('A batch of one had no outcome.')
  if (outcome instanceof DomainError) throw outcome
  return outcome
}

/** Leaves a note in a locked conversation; returns the conversation as it is then. */
export async function addNote(
  tx: Transaction,
  conversation: Conversation,
  operatorId: string,
  text: string,
): Promise<Conversation> {
  const noted = await appendWithin(
    tx,
    {
      conversation: { id: conversation.id },
      speaker: { operator: { id: operatorId } },
      content: { kind: 'note', text },
    },
    operatorId,
  )
  return noted.conversation
}
