import type { Actor } from '../../domain/actor.ts'
import { refuse } from '../../domain/errors.ts'
import { allow } from '../../domain/permissions.ts'
import type { Ref } from '../../domain/ref.ts'
import type { Review } from '../../domain/review.ts'
import { lockConversation } from '../conversations/load.ts'
import type { Appended } from '../messages/append.ts'
import { appendWithin } from '../messages/append-within.ts'
import type { Transaction } from '../ports/transaction.ts'

const QUESTION = 'How did we do? Rate our help from 1 to 5.'

/** Asks the contact, in the bot's name, to rate the help of whoever is assigned. Every request is a new review. */
export async function requestReview(
  tx: Transaction,
  actor: Actor,
  input: { conversation: Ref },
): Promise<{ appended: Appended; review: Review }> {
  allow(actor, 'message.write')
  const conversation = await lockConversation(tx, input.conversation)
  const bot = (await tx.bots.first()) ?? refuse('not_found', { what: 'bot' })
  const messageId = tx.ids.next()
  const review = await tx.reviews.insert({
    id: tx.ids.next(),
    accountId: tx.accountId,
    conversationId: conversation.id,
    messageId,
    operatorId: conversation.assigneeId,
    contactId: conversation.contactId,
    mark: 0,
    text: '',
    isConfirmed: false,
    createdAt: tx.now,
    updatedAt: tx.now,
  })
  const appended = await appendWithin(
    tx,
    {
      id: messageId,
      conversation: { id: conversation.id },
      speaker: { bot: bot.id },
      content: { kind: 'review', text: QUESTION, reviewId: review.id },
    },
    actor.operatorId,
  )
  await tx.record({
    type: 'review.requested',
    conversationId: conversation.id,
    reviewId: review.id,
    messageId,
  })
  return { appended, review }
}
