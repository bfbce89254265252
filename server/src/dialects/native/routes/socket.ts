import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import type { Door } from '../../../application/ports/door.ts'
import { refuse } from '../../../domain/errors.ts'
import { noteSpeaker } from '../../../platform/request-log.ts'
import { openLine, tellBugs } from '../../../platform/sockets/sockets.ts'
import { answerWith } from '../errors.ts'
import { problems } from '../schema/responses.ts'
import { SocketQuery } from '../schema/socket.ts'
import { admit } from '../socket/admit.ts'
import { openSession } from '../socket/session.ts'

const schema = {
  tags: ['Events'],
  summary: 'Be told what happens as it happens: a WebSocket',
  description:
    'Subprotocol `parley.v1`. The credential is a session’s cookie (then `Origin` is this server’s own), or a token: in `Authorization`, as a second ' +
    'offered subprotocol `bearer.<token>`, or in the first frame. What is said on the line: `dialects/native/README.md`.',
  querystring: SocketQuery,
  response: {
    101: Type.Null({ description: 'From here on it is a WebSocket.' }),
    426: Type.Unknown({ description: 'The request asks for no WebSocket.' }),
    ...problems,
  },
}
const config = { policy: { permission: 'conversation.read' } } as const

export function socketRoute(scope: FastifyInstance, door: Door): void {
  scope.get<{ Querystring: SocketQuery }>('/socket', { schema, config }, async (request, reply) => {
    const guest = await admit(door, request, request.query.account)
    if (guest) noteSpeaker(request, guest.actor)
    const { ip: address } = request
    const onBug = tellBugs(scope.log, request.id)
    const opened = openLine(request, reply, {
      protocol: 'parley.v1',
      open: (line) => openSession({ door, guest, address, onBug }, line),
    })
    if (opened === 'opened') return reply
    if (opened === 'full') return refuse('rate_limited', { retryAfter: 60 })
    void reply.headers({ upgrade: 'websocket', connection: 'upgrade' })
    const problem = { status: 426, title: 'Upgrade required', code: 'upgrade_required' }
    return answerWith(reply, { ...problem, detail: 'This path answers WebSockets.' })
  })
}
