import type { Actor } from '../../domain/actor.ts'
import type { Channel } from '../../domain/channel.ts'

/** Somebody at the visitors' door, and the web chat they are on. */
export interface Visiting {
  actor: Actor
  channel: Channel
}

/**
 * Whom a widget's keys and tokens let in; asked before any account is known. Each asking counts as a request of the address, and is refused
 * as `rate_limited` when it is one too many.
 */
export interface VisitorCredentials {
  /** The web chat of a public key, with an actor that speaks for it; null for anything else. */
  ofWidgetKey(key: string, address: string): Promise<Visiting | null>
  /** The visitor of a session's token; null for anything else, and for whom nobody vouches where the channel requires an identity. */
  ofToken(secret: string, address: string): Promise<Visiting | null>
  /** The end user of the channel whose `websocketToken` this is; null for anything else, and since the channel's secret key was made anew. */
  ofEndUser(channel: Channel, token: string, address: string): Promise<Visiting | null>
}
