import type { FastifyRequest } from 'fastify'
import type { Door } from '../../../application/ports/door.ts'
import type { Credential } from '../../../application/ports/standings.ts'
import type { Actor } from '../../../domain/actor.ts'
import { refuse } from '../../../domain/errors.ts'
import { allow } from '../../../domain/permissions.ts'
import { asksForSocket, offeredProtocols } from '../../../platform/sockets/sockets.ts'
import { accountNamed, bearerOf, mustBeFromHere, namedAccount } from '../auth.ts'

const OFFERED = /^bearer\.(\S+)$/

/** Who opened a line, and by what. */
export interface Guest {
  actor: Actor
  credential: Credential
}

type Parts = Pick<Door, 'credentials' | 'signIn' | 'memberships' | 'publicOrigin'>

/**
 * Who asks for a socket; null for a program that will say so in its first frame. A cookie is sent by browsers whatever page asks, so that the
 * page is looked at first; a token is known to none but its holder. Only programs may keep theirs for the first frame: they are no page.
 */
export async function admit(
  door: Parts,
  request: FastifyRequest,
  account: string | undefined,
): Promise<Guest | null> {
  const { authorization, cookie } = request.headers
  const token = bearerOf(authorization) ?? offeredToken(request)
  if (token !== undefined) return guestOfToken(door, token, request.ip)
  if (authorization === undefined && cookie !== undefined) {
    mustBeFromHere(door, request)
    return guestOfCookie(door, request, { cookie, account })
  }
  if (authorization === undefined && asksForSocket(request.raw)) {
    // A page of another site that could offer its token, and does not, has none.
    if (request.headers.origin !== undefined) mustBeFromHere(door, request)
    return null
  }
  return refuse('unauthenticated', { reason: 'A valid token is required, or sign in.' })
}

function offeredToken(request: FastifyRequest): string | undefined {
  return offeredProtocols(request).flatMap((word) => OFFERED.exec(word)?.[1] ?? [])[0]
}

/** Refuses `unauthenticated`, `forbidden`. */
export async function guestOfToken(door: Parts, token: string, address: string): Promise<Guest> {
  const actor = await door.credentials.actorOfToken('native', token, address)
  if (!actor?.id) return refuse('unauthenticated', { reason: 'The token opens nothing.' })
  allow(actor, 'conversation.read')
  return { actor, credential: { kind: 'token', accountId: actor.accountId, tokenId: actor.id } }
}

async function guestOfCookie(
  door: Parts,
  request: FastifyRequest,
  { cookie, account }: { cookie: string; account: string | undefined },
): Promise<Guest> {
  const found = await door.signIn.ofCookie(cookie)
  const named = account === undefined ? namedAccount(request) : accountNamed(account)
  const actor = found && (await door.memberships.actorOf(found.person.id, named, request.ip))
  if (!found || !actor?.operatorId) return refuse('unauthenticated', { reason: 'Sign in first.' })
  allow(actor, 'conversation.read')
  const { accountId, operatorId } = actor
  return { actor, credential: { kind: 'session', accountId, sessionId: found.session.id, operatorId } }
}
