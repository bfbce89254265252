import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Credentials } from '../../application/ports/credentials.ts'
import type { Actor } from '../../domain/actor.ts'
import { refuse } from '../../domain/errors.ts'
import { noteSpeaker } from '../../platform/request-log.ts'

const ACTOR = 'blingerWidgetActor'

/** Every route registered after this asks for a token, before anything else of the request is looked at. */
export function authenticate(scope: FastifyInstance, credentials: Credentials): void {
  scope.decorateRequest(ACTOR)
  scope.addHook('onRequest', async (request) => {
    const token = tokenOf(request.headers.authorization)
    if (token === '') refuse('unauthenticated', { reason: 'Empty token' })
    const actor = await credentials.actorOfToken('blinger_widget', token, request.ip)
    if (!actor) refuse('unauthenticated', { reason: 'Invalid token' })
    noteSpeaker(request, actor)
    request.setDecorator(ACTOR, actor)
  })
}

export function actorOf(request: FastifyRequest): Actor {
  return request.getDecorator<Actor>(ACTOR)
}

/** `<token>` as documented, or `Bearer <token>` as HTTP clients like to send it. */
export function tokenOf(header: string | undefined): string {
  return (header ?? '').trim().replace(/^bearer(\s+|$)/i, '')
}
