import { openHouse, type HouseOptions, type TestHouse } from '../house.ts'
import { visit, type TestVisitor } from './visitor-desk.ts'

/** A house in whose accounts there is a visitor each who has written and was asked for a review, as samples name them. */
export async function openVisited(options?: HouseOptions): Promise<TestHouse> {
  const house = await openHouse(options)
  for (const prefix of ['', 'other.']) {
    const tenant = prefix === '' ? house : house.other
    const visitor = await visit(house, {}, { tenant })
    await visitor.says('Thank you')
    const { reviewId, conversationId } = await askForReview(house, visitor, prefix !== '')
    house.besides.set(`${prefix}visitors.0.token`, visitor.token)
    house.besides.set(`${prefix}visitors.0.reviewId`, reviewId)
    house.besides.set(`${prefix}visitors.0.conversationId`, conversationId)
  }
  return house
}

/** Somebody of the account asks the visitor, who has written, how it was. */
export async function askForReview(
  house: TestHouse,
  visitor: TestVisitor,
  isOther = false,
): Promise<{ reviewId: string; conversationId: string }> {
  const tenant = isOther ? house.other : house
  const again = await visit(house, { token: visitor.token }, { tenant })
  const { conversationId } = again.session.state
  const { body } = await tenant.blingerWidget.post(`/conversation/${conversationId}/request-review`, {})
  return { reviewId: body.data.review.id, conversationId }
}
