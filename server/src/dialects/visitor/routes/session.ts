import type { FastifyInstance } from 'fastify'
import type { Door } from '../../../application/ports/door.ts'
import { beginSession } from '../../../application/visitors/begin-session.ts'
import { endSession } from '../../../application/visitors/end-session.ts'
import { leaveCard } from '../../../application/visitors/leave-card.ts'
import { notePage } from '../../../application/visitors/note-page.ts'
import { readVisit, readVisitor } from '../../../application/visitors/read-visit.ts'
import { refuse } from '../../../domain/errors.ts'
import { noteSpeaker } from '../../../platform/request-log.ts'
import { acceptCard, acceptPage, acceptSession } from '../accept.ts'
import { actorOf, mustBeWelcome } from '../auth.ts'
import { presentSession } from '../present.ts'
import { VisitorBody } from '../schema/objects.ts'
import * as wire from '../schema/requests.ts'
import { nothing, problems, SessionBody } from '../schema/responses.ts'

const TAG = { tags: ['Session'] }
const VISITOR = { policy: { visitor: true } } as const
const ANYBODY = { policy: { public: 'a widget key is public; pages are let in by their origin' } } as const
const NEWEST = 30

const begun = {
  ...TAG,
  summary: 'Begin or resume a session',
  description:
    '201 for a new session, 200 for the one of `token`. A token that is not known begins anew; one whose visitor becomes a verified user is replaced.',
  body: wire.BeginSession,
  response: { 200: SessionBody, 201: SessionBody, ...problems },
}
const ended = {
  ...TAG,
  summary: 'Forget this browser',
  description: 'The token is dead. The conversation stays.',
  response: { 204: nothing, ...problems },
}
const paged = {
  ...TAG,
  summary: 'Say where the visitor is on the site',
  body: wire.Page,
  response: { 204: nothing, ...problems },
}
const carded = {
  ...TAG,
  summary: 'Leave a card',
  description:
    'What a visitor says of itself joins nobody’s history, and changes nothing that the site vouches for.',
  body: wire.Card,
  response: { 200: VisitorBody, ...problems },
}

/** For whoever has a widget key. */
export function beginningRoutes(scope: FastifyInstance, door: Door): void {
  const { house, visitors, publicOrigin } = door
  scope.post<{ Body: wire.BeginSession }>(
    '/sessions',
    { schema: begun, config: ANYBODY },
    async (request, reply) => {
      const { widgetKey, ...rest } = request.body
      const visiting = await visitors.ofWidgetKey(widgetKey, request.ip)
      const { actor, channel } = visiting ?? refuse('not_found', { what: 'widget', field: 'widgetKey' })
      mustBeWelcome(channel, request.headers.origin, publicOrigin())
      noteSpeaker(request, actor)
      const input = acceptSession({ ...rest, widgetKey })
      const session = await house.perform(beginSession, actor, { ...input, channel })
      const visit = await house.ask(readVisit, session.actor, { channel, limit: NEWEST })
      const body = presentSession(session, visit, publicOrigin())
      return reply.code(session.isNew ? 201 : 200).send(body)
    },
  )
}

/** For whoever has a visitor's token. */
export function sessionRoutes(scope: FastifyInstance, { house }: Door): void {
  scope.delete('/session', { schema: ended, config: VISITOR }, async (request, reply) => {
    await house.perform(endSession, actorOf(request), null)
    return reply.code(204).send()
  })
  scope.put<{ Body: wire.Page }>('/page', { schema: paged, config: VISITOR }, async (request, reply) => {
    await house.perform(notePage, actorOf(request), acceptPage(request.body))
    return reply.code(204).send()
  })
  scope.put<{ Body: wire.Card }>('/card', { schema: carded, config: VISITOR }, async (request) => {
    await house.perform(leaveCard, actorOf(request), acceptCard(request.body))
    return house.ask(readVisitor, actorOf(request), null)
  })
}
