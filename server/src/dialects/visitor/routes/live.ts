import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import type { Door } from '../../../application/ports/door.ts'
import { tellVisitorTyping } from '../../../application/visitors/tell-typing.ts'
import { refuse } from '../../../domain/errors.ts'
import { noteSpeaker } from '../../../platform/request-log.ts'
import { openLine, tellBugs } from '../../../platform/sockets/sockets.ts'
import { createTurnstile } from '../../../platform/turnstile.ts'
import { actorOf } from '../auth.ts'
import { answerWith } from '../errors.ts'
import { nothing, problems } from '../schema/responses.ts'
import { SocketQuery, TypingBody, Updates, UpdatesQuery } from '../schema/socket.ts'
import { admit } from '../socket/admit.ts'
import { openSession } from '../socket/session.ts'
import { createUpdates } from '../updates.ts'

const VISITOR = { policy: { visitor: true } } as const
const ANYBODY = {
  policy: { public: 'a widget key is public; the token comes beside it, or in the first frame' },
} as const

const socket = {
  tags: ['Live'],
  summary: 'Be told what comes as it comes: a WebSocket',
  description:
    'Subprotocol `parley.visitor.v1`. The token is offered as a second subprotocol, `token.<token>`, or is in the first frame. What is said on the ' +
    'line: `dialects/visitor/README.md`.',
  querystring: SocketQuery,
  response: {
    101: Type.Null({ description: 'From here on it is a WebSocket.' }),
    426: Type.Unknown({ description: 'The request asks for no WebSocket.' }),
    ...problems,
  },
}
const updated = {
  tags: ['Live'],
  summary: 'Wait for what comes',
  description:
    'For where sockets are blocked: answered as soon as there is a message after `after`, or the state is not the one of the `version` named, at latest ' +
    'after `wait` seconds.',
  querystring: UpdatesQuery,
  response: { 200: Updates, ...problems },
}
const typed = {
  tags: ['Live'],
  summary: 'Say that the visitor writes, or does not any more',
  body: TypingBody,
  response: { 204: nothing, ...problems },
}

/**
 * Who comes in at once: after a restart all come, and what is asked of the database for them must not stand before what others send. More at
 * once would not be faster, since it is the processor that is full then.
 */
const AT_ONCE = 4

/** For whoever has a widget key: the page and the token are judged before anything is upgraded. */
export function socketRoute(scope: FastifyInstance, door: Door): void {
  const arriving = createTurnstile(AT_ONCE)
  scope.get<{ Querystring: SocketQuery }>(
    '/socket',
    { schema: socket, config: ANYBODY },
    async (request, reply) => {
      const arrival = await arriving.pass(() => admit(door, request, request.query.widget))
      if (arrival.visiting) noteSpeaker(request, arrival.visiting.actor)
      const onBug = tellBugs(scope.log, request.id)
      const opened = openLine(request, reply, {
        protocol: 'parley.visitor.v1',
        open: (line) => openSession({ door, arrival, onBug }, line),
      })
      if (opened === 'opened') return reply
      if (opened === 'full') return refuse('rate_limited', { retryAfter: 60 })
      void reply.headers({ upgrade: 'websocket', connection: 'upgrade' })
      const problem = { status: 426, title: 'Upgrade required', code: 'upgrade_required' }
      return answerWith(reply, { ...problem, detail: 'This path answers WebSockets.' })
    },
  )
}

export function liveRoutes(scope: FastifyInstance, door: Door): void {
  const updates = createUpdates(door)
  scope.addHook('preClose', async () => updates.endWaiting())
  scope.get<{ Querystring: UpdatesQuery }>(
    '/updates',
    { schema: updated, config: VISITOR },
    async (request) => updates.read(actorOf(request), request.query, request.signal),
  )
  scope.post<{ Body: TypingBody }>('/typing', { schema: typed, config: VISITOR }, async (request, reply) => {
    await door.house.perform(tellVisitorTyping, actorOf(request), request.body)
    return reply.code(204).send()
  })
}
