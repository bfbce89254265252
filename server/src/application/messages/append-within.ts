import type { Actor } from '../../domain/actor.ts'
import type { Conversation } from '../../domain/conversation.ts'
import { DomainError } from '../../domain/errors.ts'
import { EVERYWHERE } from '../../domain/permissions.ts'
import type { Transaction } from '../ports/transaction.ts'
import type { Append, Appended } from './append.ts'
import { appendMessages } from './append-messages.ts'

/** Who appends: in whose name, and what is before them. */
export type Appender = Pick<Actor, 'operatorId' | 'reach'>

/** Appends messages in order inside a transaction; throws the first refusal, so that all of them are committed or none. */
export async function appendAllWithin(
  tx: Transaction,
  appends: Append[],
  { operatorId: actorOperatorId, reach }: Appender,
): Promise<Appended[]> {
  const { accountId } = tx
  const acted = appends.map((append) => ({ accountId, actorOperatorId, reach, append }))
  const outcomes = await appendMessages(tx.ledger, acted)
  return outcomes.map((outcome) => {
    if (outcome instanceof DomainError) throw outcome
    return outcome
  })
}

/** Appends one message to a conversation the transaction has in hand; throws what refuses it. */
export async function appendWithin(
  tx: Transaction,
  append: Append,
  actorOperatorId: string | null,
): Promise<Appended> {
  const [appended] = await appendAllWithin(tx, [append], { operatorId: actorOperatorId, reach: EVERYWHERE })
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
