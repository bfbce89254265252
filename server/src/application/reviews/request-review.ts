import type { Actor } from '../../domain/actor.ts'
import type { Bot } from '../../domain/bot.ts'
import { refuse } from '../../domain/errors.ts'
import type { Operator } from '../../domain/operator.ts'
import { allow } from '../../domain/permissions.ts'
import type { Ref } from '../../domain/ref.ts'
import type { Review } from '../../domain/review.ts'
import type { ConversationView } from '../../domain/view.ts'
import { lockConversation, viewConversation } from '../conversations/load.ts'
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

/** `clientId`: the same request comes once. */
export interface RequestReview {
  conversation: Ref
  clientId?: string
}

/** Asks the contact, in the bot's name, to rate the help of whoever is assigned. Every request is a new review. */
export async function requestReview(
  tx: Transaction,
  actor: Actor,
  { conversation: ref, clientId }: RequestReview,
): Promise<RequestedReview> {
  allow(actor, 'message.write')
  const conversation = await lockConversation(tx, ref)
  const bot = (await tx.bots.first()) ?? refuse('not_found', { what: 'bot' })
  const operator = conversation.assigneeId ? await tx.operators.find({ id: conversation.assigneeId }) : null
  const reviewId = tx.ids.next()
  const appended = await appendWithin(
    tx,
    {
      ...(clientId === undefined ? { id: tx.ids.next() } : { clientId }),
      conversation: { id: conversation.id },
      speaker: { bot: bot.id },
      content: { kind: 'review', text: QUESTION, reviewId },
    },
    actor.operatorId,
  )
  const { message } = appended
  if (appended.isRepeat) {
    const known = message.reviewId === null ? null : await tx.reviews.find({ id: message.reviewId })
    return { appended, review: known ?? refuse('conflict', { what: 'review' }), bot, operator }
  }
  const review = await tx.reviews.insert({
    ...{ id: reviewId, accountId: tx.accountId, conversationId: conversation.id, messageId: message.id },
    ...{ operatorId: operator?.id ?? null, contactId: conversation.contactId, mark: 0, text: '' },
    ...{ isConfirmed: false, createdAt: tx.now, updatedAt: tx.now },
  })
  await tx.record({
    type: 'review.requested',
    conversationId: conversation.id,
    reviewId,
    messageId: message.id,
  })
  return { appended, review, bot, operator }
}

/** The same, answered with the conversation. */
export async function askForReview(
  tx: Transaction,
  actor: Actor,
  input: RequestReview,
): Promise<ConversationView> {
  await requestReview(tx, actor, input)
  return viewConversation(tx, input.conversation)
}
