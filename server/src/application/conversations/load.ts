import type { Conversation } from '../../domain/conversation.ts'
import { refuse } from '../../domain/errors.ts'
import type { Ref } from '../../domain/ref.ts'
import type { ConversationView } from '../../domain/view.ts'
import type { Reader } from '../ports/reader.ts'
import type { Transaction } from '../ports/transaction.ts'

/** Loads for change. Refuses `not_found`. */
export async function lockConversation(tx: Transaction, ref: Ref): Promise<Conversation> {
  return (await tx.conversations.lock(ref)) ?? refuse('not_found', { what: 'conversation' })
}

/** Loads for showing. Refuses `not_found`. */
export async function viewConversation(reader: Reader, ref: Ref): Promise<ConversationView> {
  return (await reader.conversations.view(ref)) ?? refuse('not_found', { what: 'conversation' })
}
