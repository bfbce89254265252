import type { Conversation } from '../../domain/conversation.ts'
import { DomainError } from '../../domain/errors.ts'
import type { Transaction } from '../ports/transaction.ts'
import type { Append, Appended } from './append.ts'
import { appendMessages } from './append-messages.ts'

/** Appends messages in order inside a transaction; throws the first refusal, so that all of them are committed or none. */
export async function appendAllWithin(
  tx: Transaction,
  appends: Append[],
  actorOperatorId: string | null,
): Promise<Appended[]> {
  const { accountId } = tx
  const acted = appends.map((append) => ({ accountId, actorOperatorId, append }))
  const outcomes = await appendMessages(tx.ledger, acted)
  return outcomes.map((outcome) => {
    if (outcome instanceof DomainError) throw outcome
    return outcome
  })
}

/** Appends one message inside a transaction that does more than that; throws what refuses it. */
export async function appendWithin(
  tx: Transaction,
  append: Append,
  actorOperatorId: string | null,
): Promise<Appended> {
  const [appended] = await appendAllWithin(tx, [append], actorOperatorId)
  if (!appended) throw new Error('A batch of one had no outcome.')
  return appended
}

/** What operators leave each other. A note whose `clientId` came before is not left again. */
export interface Note {
  text: string
  clientId?: string
}

/** Leaves a note in a locked conversation; returns the conversation as it is then. */
export async function addNote(
  tx: Transaction,
  conversation: Conversation,
  operatorId: string,
  { text, clientId }: Note,
): Promise<Conversation> {
  const noted = await appendWithin(
    tx,
    {
      conversation: { id: conversation.id },
      speaker: { operator: { id: operatorId } },
      content: { kind: 'note', text },
      clientId,
    },
    operatorId,
  )
  return noted.conversation
}
