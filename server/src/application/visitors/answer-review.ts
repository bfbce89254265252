import { channelActor, type Actor } from '../../domain/actor.ts'
import { refuse } from '../../domain/errors.ts'
import type { Review } from '../../domain/review.ts'
import { allowVisitor } from '../../domain/permissions.ts'
import type { Tools } from '../ports/house.ts'
import type { Transaction } from '../ports/transaction.ts'
import { findTalk } from './find-talk.ts'

/** `mark` is 1 to 5. Once confirmed, an answer is final. */
export interface AnswerReview {
  reviewId: string
  mark: number
  text: string
  isConfirmed: boolean
}

/** Refuses `not_found` for a review of another conversation, `conflict` for one that was confirmed with something else. */
export async function answerReview(tools: Tools, actor: Actor, input: AnswerReview): Promise<Review> {
  const { channelId } = allowVisitor(actor)
  const conversationId = await tools.ask(findTalk, actor, null)
  if (!conversationId) return refuse('not_found', { what: 'review' })
  return tools.act(saveAnswer, channelActor(actor, channelId), { ...input, conversationId })
}

async function saveAnswer(
  tx: Transaction,
  _actor: Actor,
  { conversationId, reviewId, ...answer }: AnswerReview & { conversationId: string },
): Promise<Review> {
  const before = await tx.reviews.lock(reviewId)
  if (before?.conversationId !== conversationId) return refuse('not_found', { what: 'review' })
  const isSame =
    before.mark === answer.mark && before.text === answer.text && before.isConfirmed === answer.isConfirmed
  if (isSame) return before
  if (before.isConfirmed)
    refuse('conflict', { what: 'review', reason: 'The review is confirmed, and final.' })
  const after: Review = { ...before, ...answer, updatedAt: tx.now }
  await tx.reviews.save(after)
  const type = after.isConfirmed ? 'review.confirmed' : 'review.rated'
  await tx.record({ type, conversationId, reviewId, messageId: after.messageId })
  return after
}
