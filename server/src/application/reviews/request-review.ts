import type { Actor } from '../../domain/actor.ts'
import type { Bot } from '../../domain/bot.ts'
import { refuse } from '../../domain/errors.ts'
import type { Operator } from '../../domain/operator.ts'
import { allow } from '../../domain/permissions.ts'
import type { Ref } from '../../domain/ref.ts'
import type { Review } from '../../domain/review.ts'
import { lockConversation } from '../conversations/load.ts'
import type { Appended } from '../messages/append.ts'
import { appendWithin } from '../messages/append-within.ts'
import type { Transaction } from '../ports/transaction.ts'

const QUESTION = 'How did we do? Rate our help from 1 to 5.'

/** The request as it was sent: by the bot, about the operator, who is null when nobody was assigned. */
export interface RequestedReview {
  appended: Appended
  review: Review
  bot: Bot
  operator: Operator | null
}

/** Asks the contact, in the bot's name, to rate the help of whoever is assigned. Every request is a new review. */
export async function requestReview(
  tx: Transaction,
  actor: Actor,
  input: { conversation: Ref },
): Promise<RequestedReview> {
  allow(actor, 'message.write')
  const conversation = await lockConversation(tx, input.conversation)
  const bot = (await tx.bots.first()) ?? refuse('not_found', { what: 'bot' })
  const operator = conversation.assigneeId ? await tx.operators.find({ id: conversation.assigneeId }) : null
  const messageId = tx.ids.next()
  const review = await tx.reviews.insert({
    id: tx.ids.next(),
    accountId: tx.accountId,
    conversationId: conversation.id,
    messageId,
    operatorId: operator?.id ?? null,
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
  return { appended, review, bot, operator }
}
