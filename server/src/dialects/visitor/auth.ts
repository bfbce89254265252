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

/** Where a request comes from, as a browser tells it. */
export interface Whence {
  origin?: string | undefined
  'sec-fetch-site'?: string | string[] | undefined
}

/** Every route registered after this asks for a visitor's token, and that its page may use the channel. */
export function authenticate(scope: FastifyInstance, door: Pick<Door, 'visitors' | 'publicOrigin'>): void {
  scope.decorateRequest(VISITING)
  scope.addHook('onRequest', async (request) => {
    const secret = BEARER.exec(request.headers.authorization ?? '')?.[1]
    const visiting = secret === undefined ? null : await door.visitors.ofToken(secret, request.ip)
    if (!visiting)
      return refuse('unauthenticated', {
        reason: 'A visitor’s token is required: Authorization: Bearer <token>.',
      })
    mustBeWelcome(visiting.channel, request.headers, door.publicOrigin())
    noteSpeaker(request, visiting.actor)
    request.setDecorator(VISITING, visiting)
  })
}

/** Refuses `channel_inactive`, and `forbidden` to a page that the channel is not for. */
export function mustBeWelcome(channel: Channel, whence: Whence, publicOrigin: string): void {
  mustBeActive(channel)
  if (isWelcome(channel, whence, publicOrigin)) return
  refuse('forbidden', {
    what: 'origin',
    reason: 'This page may not use the chat: its origin is not allowed.',
  })
}

/** Pages of ours always are. To one of these a browser names no origin when it only reads, but says that it is at home. */
function isWelcome(channel: Channel, whence: Whence, publicOrigin: string): boolean {
  const { origin } = whence
  if (origin === undefined && whence['sec-fetch-site'] === 'same-origin') return true
  if (origin !== undefined && isOwnOrigin(origin, publicOrigin)) return true
  return mayUse(withDefaults(channel.widget), origin ?? null)
}

export function visitingOf(request: FastifyRequest): Visiting {
  return request.getDecorator<Visiting>(VISITING)
}

export function actorOf(request: FastifyRequest): Actor {
  return visitingOf(request).actor
}
