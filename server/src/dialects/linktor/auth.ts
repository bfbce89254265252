import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Credentials } from '../../application/ports/credentials.ts'
import type { Actor } from '../../domain/actor.ts'
import { noteSpeaker } from '../../platform/request-log.ts'
import { sendRefusal } from './errors.ts'
import { quotaHeaders } from './rate-limit.ts'

const ACTOR = 'linktorActor'
const BEARER = /^Bearer +(\S+) *$/i

/** Every route of the scope asks for a token of this dialect. */
export function requireToken(app: FastifyInstance, credentials: Credentials): void {
  app.decorateRequest(ACTOR, null)
  app.addHook('onRequest', async (request, reply) => {
    const [, secret] = BEARER.exec(request.headers.authorization ?? '') ?? []
    if (!secret) return refuseCredential(reply, 'AUTHENTICATION_REQUIRED', 'Authentication is required')
    const actor = await credentials.actorOfToken('linktor', secret, request.ip)
    if (!actor) return refuseCredential(reply, 'INVALID_API_KEY', 'Invalid API key')
    noteSpeaker(request, actor)
    const quota = credentials.quotaOf(actor)
    if (quota) reply.headers(quotaHeaders(quota))
    request.setDecorator(ACTOR, actor)
    return undefined
  })
}

function refuseCredential(reply: FastifyReply, code: string, message: string) {
  return sendRefusal(reply, { status: 401, code, message, headers: { 'www-authenticate': 'Bearer' } })
}

/** Who makes the request. */
export function actorOf(request: FastifyRequest): Actor {
  return request.getDecorator<Actor>(ACTOR)
}
