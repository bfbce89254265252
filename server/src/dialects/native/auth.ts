import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Credentials } from '../../application/ports/credentials.ts'
import type { Actor } from '../../domain/actor.ts'
import { refuse } from '../../domain/errors.ts'

const ACTOR = 'nativeActor'
const BEARER = /^bearer +(\S+) *$/i

/** Every route registered after this asks for a token, before anything else of the request is looked at. */
export function authenticate(scope: FastifyInstance, credentials: Credentials): void {
  scope.decorateRequest(ACTOR)
  scope.addHook('onRequest', async (request) => {
    const token = BEARER.exec(request.headers.authorization ?? '')?.[1]
    const actor = token === undefined ? null : await credentials.actorOfToken('native', token, request.ip)
    if (!actor)
      refuse('unauthenticated', { reason: 'A valid token is required: Authorization: Bearer <token>.' })
    request.setDecorator(ACTOR, actor)
  })
}

export function actorOf(request: FastifyRequest): Actor {
  return request.getDecorator<Actor>(ACTOR)
}
