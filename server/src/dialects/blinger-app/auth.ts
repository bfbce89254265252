import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Door } from '../../application/ports/door.ts'
import type { Actor } from '../../domain/actor.ts'
import type { Channel } from '../../domain/channel.ts'
import { refuse } from '../../domain/errors.ts'
import { noteSpeaker } from '../../platform/request-log.ts'

/** Who calls; `channel` is set when a custom app does. */
export interface Caller {
  actor: Actor
  channel: Channel | null
}

export type Authenticate = (request: FastifyRequest) => Promise<Caller>

/** The name callers are kept under on their request. */
export const CALLER = 'blingerAppCaller'

/** Programs of an account, with the account's API token. */
export function byAccountToken({ credentials }: Door): Authenticate {
  return async (request) => {
    const actor = await credentials.actorOfToken('blinger_app', tokenOf(request), request.ip)
    return actor ? { actor, channel: null } : refuse('unauthenticated')
  }
}

/** Custom apps, with their channel's token. */
export function byChannelToken({ credentials }: Door): Authenticate {
  return async (request) =>
    (await credentials.channelOfToken(tokenOf(request), request.ip)) ?? refuse('unauthenticated')
}

/** A hook that lets nobody in who does not say who they are. */
export function admit(authenticate: Authenticate) {
  return async (request: FastifyRequest, _reply: FastifyReply): Promise<void> => {
    if (request.is404) return
    const caller = await authenticate(request)
    noteSpeaker(request, caller.actor)
    request.setDecorator(CALLER, caller)
  }
}

export const callerOf = (request: FastifyRequest): Caller => request.getDecorator<Caller>(CALLER)
export const actorOf = (request: FastifyRequest): Actor => callerOf(request).actor

/** The vendor's own header, else the usual one; each with or without the word Bearer. Empty counts as missing. */
function tokenOf({ headers }: FastifyRequest): string {
  const token = bare(headers.authentication) || bare(headers.authorization)
  return token || refuse('unauthenticated', { reason: 'Empty token' })
}

function bare(header: string | string[] | undefined): string {
  const value = Array.isArray(header) ? header[0] : header
  return (value ?? '').trim().replace(/^Bearer(?:\s+|$)/i, '')
}
