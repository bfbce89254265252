import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Door } from '../../application/ports/door.ts'
import type { Person, Session, Whereabouts } from '../../application/ports/sign-in.ts'
import type { Actor } from '../../domain/actor.ts'
import { refuse } from '../../domain/errors.ts'
import type { Ref } from '../../domain/ref.ts'
import { isOwnOrigin } from '../../platform/own-origin.ts'
import { noteSpeaker } from '../../platform/request-log.ts'
import { refOf } from './ids.ts'

const ACTOR = 'nativeActor'
const CALLER = 'nativeCaller'
const BEARER = /^bearer +(\S+) *$/i
const SAFE = new Set(['GET', 'HEAD', 'OPTIONS'])

/** A person with the session that lets them in. */
export interface Caller {
  person: Person
  session: Session
}

type Parts = Pick<Door, 'credentials' | 'signIn' | 'memberships' | 'publicOrigin'>

/** Every route registered after this asks for a token or a session in an account, before anything else of the request is looked at. */
export function authenticate(scope: FastifyInstance, door: Parts): void {
  scope.decorateRequest(ACTOR)
  scope.addHook('onRequest', async (request, reply) => {
    const actor = await actorFor(door, request, reply)
    noteSpeaker(request, actor)
    request.setDecorator(ACTOR, actor)
  })
}

/** Every route registered after this asks for a session, whatever its person may do. */
export function requirePerson(scope: FastifyInstance, door: Parts): void {
  scope.decorateRequest(CALLER)
  scope.addHook('onRequest', async (request, reply) => {
    const caller = await callerFor(door, request, reply)
    request.setDecorator(CALLER, caller ?? refuse('unauthenticated', { reason: 'Sign in first.' }))
  })
}

async function actorFor(door: Parts, request: FastifyRequest, reply: FastifyReply): Promise<Actor> {
  const { authorization } = request.headers
  const token = bearerOf(authorization)
  const reason = 'A valid token is required: Authorization: Bearer <token>. Or sign in.'
  if (token !== undefined)
    return (
      (await door.credentials.actorOfToken('native', token, request.ip)) ??
      refuse('unauthenticated', { reason })
    )
  const caller = authorization === undefined ? await callerFor(door, request, reply) : null
  if (!caller) return refuse('unauthenticated', { reason })
  const actor = await door.memberships.actorOf(caller.person.id, namedAccount(request), request.ip)
  return actor ?? refuse('unauthenticated', { reason: 'You do not work in this account.' })
}

/** Which account a session means where its person works in several; the one they joined first by default. */
export function namedAccount({ headers }: FastifyRequest): Ref | null {
  const named = headers['parley-account']
  return typeof named === 'string' ? accountNamed(named) : null
}

export function accountNamed(text: string): Ref | null {
  const named = text.trim()
  if (named === '') return null
  return /^\d{1,15}$/.test(named) ? { number: Number(named) } : refOf('account', named)
}

/** The token of an `Authorization` header. */
export const bearerOf = (authorization: string | undefined) => BEARER.exec(authorization ?? '')?.[1]

async function callerFor(door: Parts, request: FastifyRequest, reply: FastifyReply): Promise<Caller | null> {
  const { cookie } = request.headers
  if (!cookie) return null
  const found = await door.signIn.ofCookie(cookie)
  if (!found) return null
  if (!SAFE.has(request.method)) mustBeFromHere(door, request)
  if (found.cookies.length > 0) reply.header('set-cookie', found.cookies)
  return found
}

/**
 * A browser says where a page that asks comes from; another page, a sibling subdomain's too, must not ask in the name of whoever is
 * signed in here. Programs that carry a cookie say it themselves.
 */
export function mustBeFromHere(door: Pick<Door, 'publicOrigin'>, request: FastifyRequest): void {
  const { origin } = request.headers
  if (origin === undefined || !isOwnOrigin(origin, door.publicOrigin()))
    refuse('forbidden', {
      what: 'origin',
      reason: `Requests with a cookie come from ${door.publicOrigin()}: Origin says otherwise, or nothing.`,
    })
}

/** Requests of those who have no cookie yet: not too many, and a page elsewhere must not sign anybody in here. */
export function admitStrangers(scope: FastifyInstance, door: Parts & Pick<Door, 'limits'>): void {
  scope.addHook('onRequest', async (request) => {
    if (!SAFE.has(request.method)) door.limits.countStranger(request.ip)
    if (!SAFE.has(request.method) && request.headers.origin !== undefined) mustBeFromHere(door, request)
  })
}

export function actorOf(request: FastifyRequest): Actor {
  return request.getDecorator<Actor>(ACTOR)
}

export function callerOf(request: FastifyRequest): Caller {
  return request.getDecorator<Caller>(CALLER)
}

export function whereaboutsOf(request: FastifyRequest): Whereabouts {
  return { address: request.ip, userAgent: request.headers['user-agent']?.slice(0, 300) ?? null }
}

/** The request's whole `Cookie` line. */
export function cookieOf(request: FastifyRequest): string {
  return request.headers.cookie ?? ''
}
