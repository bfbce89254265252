import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Door } from '../../application/ports/door.ts'
import type { Person, Session } from '../../application/ports/sign-in.ts'
import type { Actor } from '../../domain/actor.ts'
import { noteSpeaker } from '../../platform/request-log.ts'
import { sendRefusal } from './errors.ts'
import { quotaHeaders } from './rate-limit.ts'

const ACTOR = 'linktorActor'
const USER = 'linktorUser'
const BEARER = /^Bearer +(\S+) *$/i

/** Every route of the scope asks for a token of this dialect. */
export function requireToken(app: FastifyInstance, door: Door): void {
  app.decorateRequest(ACTOR, null)
  app.decorateRequest(USER, null)
  app.addHook('onRequest', async (request, reply) => {
    const [, secret] = BEARER.exec(request.headers.authorization ?? '') ?? []
    if (!secret) return refuseCredential(reply, 'AUTHENTICATION_REQUIRED', 'Authentication is required')
    const isJwt = secret.split('.').length === 3
    const actor = await (isJwt ? actorOfSession(door, request, secret) : actorOfKey(door, request, secret))
    if (!actor)
      return isJwt
        ? refuseCredential(reply, 'INVALID_TOKEN', 'Invalid or expired token')
        : refuseCredential(reply, 'INVALID_API_KEY', 'Invalid API key')
    noteSpeaker(request, actor)
    const quota = door.credentials.quotaOf(actor)
    if (quota) reply.headers(quotaHeaders(quota))
    request.setDecorator(ACTOR, actor)
    return undefined
  })
}

const actorOfKey = ({ credentials }: Door, { ip }: FastifyRequest, secret: string) =>
  credentials.actorOfToken('linktor', secret, ip)

/** A user's token is worth what its session is: that is looked at each time, so that an ended one is dead at once. */
async function actorOfSession(door: Door, request: FastifyRequest, token: string): Promise<Actor | null> {
  const claims = await door.accessTokens.read(token)
  const live = claims && (await door.signIn.ofSession(claims.sessionId))
  if (!claims || !live) {
    door.credentials.countFailure(request.ip)
    return null
  }
  request.setDecorator(USER, live)
  return door.memberships.actorOf(live.person.id, { id: claims.accountId }, request.ip)
}

function refuseCredential(reply: FastifyReply, code: string, message: string) {
  return sendRefusal(reply, { status: 401, code, message, headers: { 'www-authenticate': 'Bearer' } })
}

/** Who makes the request. */
export function actorOf(request: FastifyRequest): Actor {
  return request.getDecorator<Actor>(ACTOR)
}

/** The person behind a user's token; null for an API key. */
export function userOf(request: FastifyRequest): { person: Person; session: Session } | null {
  return request.getDecorator<{ person: Person; session: Session } | null>(USER)
}
