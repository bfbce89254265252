import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Door } from '../../application/ports/door.ts'
import type { Visiting } from '../../application/ports/visitor-credentials.ts'
import type { Actor } from '../../domain/actor.ts'
import { mustBeActive, type Channel } from '../../domain/channel.ts'
import { refuse } from '../../domain/errors.ts'
import { mayUse, withDefaults } from '../../domain/widget.ts'
import { isOwnOrigin } from '../../platform/own-origin.ts'
import { noteSpeaker } from '../../platform/request-log.ts'

const VISITING = 'visiting'
const BEARER = /^bearer +(\S+) *$/i

/** Every route registered after this asks for a visitor's token, and that its page may use the channel. */
export function authenticate(scope: FastifyInstance, door: Pick<Door, 'visitors' | 'publicOrigin'>): void {
  scope.decorateRequest(VISITING)
  scope.addHook('onRequest', async (request) => {
    const secret = BEARER.exec(request.headers.authorization ?? '')?.[1]
    const found = secret === undefined ? null : await door.visitors.ofToken(secret, request.ip)
    const reason = 'A visitor’s token is required: Authorization: Bearer <token>.'
    const visiting = found ?? refuse('unauthenticated', { reason })
    mustBeWelcome(visiting.channel, request.headers.origin, door.publicOrigin())
    noteSpeaker(request, visiting.actor)
    request.setDecorator(VISITING, visiting)
  })
}

/** Refuses `channel_inactive`, and `forbidden` to a page that the channel is not for. Pages of ours always are welcome. */
export function mustBeWelcome(channel: Channel, origin: string | undefined, publicOrigin: string): void {
  mustBeActive(channel)
  if (isWelcome(channel, origin, publicOrigin)) return
  refuse('forbidden', {
    what: 'origin',
    reason: 'This page may not use the chat: its origin is not allowed.',
  })
}

export function isWelcome(channel: Channel, origin: string | undefined, publicOrigin: string): boolean {
  if (origin !== undefined && isOwnOrigin(origin, publicOrigin)) return true
  return mayUse(withDefaults(channel.widget), origin ?? null)
}

export function visitingOf(request: FastifyRequest): Visiting {
  return request.getDecorator<Visiting>(VISITING)
}

export function actorOf(request: FastifyRequest): Actor {
  return visitingOf(request).actor
}
