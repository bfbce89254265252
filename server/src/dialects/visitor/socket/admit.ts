import type { FastifyRequest } from 'fastify'
import type { Door } from '../../../application/ports/door.ts'
import type { Visiting } from '../../../application/ports/visitor-credentials.ts'
import type { Channel } from '../../../domain/channel.ts'
import { refuse } from '../../../domain/errors.ts'
import { offeredProtocols } from '../../../platform/sockets/sockets.ts'
import { isWelcome, mustBeWelcome } from '../auth.ts'

const OFFERED = /^token\.(\S+)$/

type Parts = Pick<Door, 'visitors' | 'publicOrigin'>

/** Somebody at the channel's door; without a token yet when it says so in its first frame. */
export interface Arrival {
  channel: Channel
  visiting: Visiting | null
  /** The page's. */
  origin: string | undefined
  address: string
}

/** Judged before anything is upgraded: the channel, the page, and the token where it is offered. */
export async function admit(door: Parts, request: FastifyRequest, widgetKey: string): Promise<Arrival> {
  const { ip: address, headers } = request
  const found = await door.visitors.ofWidgetKey(widgetKey, address)
  const { channel } = found ?? refuse('not_found', { what: 'widget', field: 'widget' })
  const { origin } = headers
  mustBeWelcome(channel, origin, door.publicOrigin())
  const token = offeredProtocols(request).flatMap((word) => OFFERED.exec(word)?.[1] ?? [])[0]
  const visiting = token === undefined ? null : await visitingOf(door, { channel, address }, token)
  return { channel, visiting, origin, address }
}

/** The visitor of a session's token, or of a `websocketToken`. Refuses `unauthenticated`. */
export async function visitingOf(
  { visitors }: Pick<Door, 'visitors'>,
  { channel, address }: Pick<Arrival, 'channel' | 'address'>,
  token: string,
): Promise<Visiting> {
  // Tokens of sessions have no dots, the others two.
  const found = token.includes('.')
    ? await visitors.ofEndUser(channel, token, address)
    : await visitors.ofToken(token, address)
  if (found?.channel.id === channel.id) return found
  return refuse('unauthenticated', { reason: 'The token opens nothing here.' })
}

/** Why a line that was let in is to be closed, by how its channel is now; null when it may stay. */
export function whyLeave(
  { channel, origin }: Pick<Arrival, 'channel' | 'origin'>,
  now: Channel | null,
  publicOrigin: string,
): [code: number, reason: string] | null {
  // A key that vouched for somebody may have leaked; sessions that it vouched for have ended by themselves.
  if (!now || now.secretKey !== channel.secretKey || now.widgetKey !== channel.widgetKey)
    return [4401, 'token']
  // Whoever is vouched for comes back with the same token.
  if (now.widget?.isIdentityRequired && !channel.widget?.isIdentityRequired) return [4401, 'token']
  if (now.status !== channel.status) return [4403, 'forbidden']
  return isWelcome(now, origin, publicOrigin) ? null : [4403, 'forbidden']
}
