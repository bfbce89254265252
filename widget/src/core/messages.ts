import type { Message, Review } from './protocol.ts'

/** Puts what came to what is held: each id once, ordered by `seq`. What did not change stays the same object. */
export function mergeMessages(held: Message[], came: Message[]): Message[] {
  if (came.length === 0) return held
  const byId = new Map(held.map((message) => [message.id, message]))
  for (const message of came) {
    const localId = message.localId ?? byId.get(message.id)?.localId
    byId.set(message.id, localId === undefined ? message : { ...message, localId })
  }
  return [...byId.values()].sort((one, other) => one.seq - other.seq)
}

/** The newest place held, 0 for none. */
export function lastSeq(messages: Message[]): number {
  return messages.at(-1)?.seq ?? 0
}

/** The newest of the team's messages that is held. Own ones may be ahead of some of the team's that are still to come. */
export function lastTeamSeq(messages: Message[]): number {
  return messages.findLast(({ author }) => author.kind !== 'visitor')?.seq ?? 0
}

/** How many messages of the team came after `readSeq`, as far as they are held. */
export function countUnread(messages: Message[], readSeq: number): number {
  return messages.filter(({ author, seq }) => author.kind !== 'visitor' && seq > readSeq).length
}

/** A review is told with the state; its message shows what it is now. */
export function withReviews(messages: Message[], reviews: Review[]): Message[] {
  const byId = new Map(reviews.map((review) => [review.id, review]))
  const isNews = ({ review }: Message) => review !== null && isOther(review, byId.get(review.id))
  if (!messages.some(isNews)) return messages
  return messages.map((message) => {
    const review = message.review && byId.get(message.review.id)
    return review && isNews(message) ? { ...message, review } : message
  })
}

function isOther(held: Review, told: Review | undefined): boolean {
  if (told === undefined) return false
  return held.mark !== told.mark || held.text !== told.text || held.isConfirmed !== told.isConfirmed
}
