import type { FastifyInstance } from 'fastify'
import type { Door } from '../../../application/ports/door.ts'
import { answerReview } from '../../../application/visitors/answer-review.ts'
import { markSeen } from '../../../application/visitors/mark-seen.ts'
import { readState } from '../../../application/visitors/read-visit.ts'
import { acceptAnswer } from '../accept.ts'
import { actorOf } from '../auth.ts'
import { presentReview, presentState } from '../present.ts'
import { ReviewBody, StateBody } from '../schema/objects.ts'
import * as wire from '../schema/requests.ts'
import { problems } from '../schema/responses.ts'

const VISITOR = { policy: { visitor: true } } as const

const seen = {
  tags: ['Messages'],
  summary: 'Say what was shown and read',
  description: 'Marks never go back, and never past the last entry. What was read was shown.',
  body: wire.Seen,
  response: { 200: StateBody, ...problems },
}
const answered = {
  tags: ['Reviews'],
  summary: 'Answer a review',
  description: 'Once confirmed, an answer is final: 409 for another one.',
  params: wire.ById,
  body: wire.Answer,
  response: { 200: ReviewBody, ...problems },
}

export function markRoutes(scope: FastifyInstance, { house, publicOrigin }: Door): void {
  scope.post<{ Body: wire.Seen }>('/seen', { schema: seen, config: VISITOR }, async (request) => {
    await house.perform(markSeen, actorOf(request), request.body)
    return presentState(await house.ask(readState, actorOf(request), null), publicOrigin())
  })
  scope.put<{ Params: wire.ById; Body: wire.Answer }>(
    '/reviews/:id',
    { schema: answered, config: VISITOR },
    async (request) => {
      const input = acceptAnswer(request.params.id, request.body)
      return presentReview(await house.perform(answerReview, actorOf(request), input))
    },
  )
}
