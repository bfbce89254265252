import type { Actor } from '../../domain/actor.ts'
import type { Channel } from '../../domain/channel.ts'
import type { Quota } from '../../domain/quota.ts'
import type { TokenKind } from '../../domain/token.ts'

/**
 * Who a secret speaks for; asked before any account is known. `address` is the network address it came from. Each asking counts
 * as a request, and is refused as `rate_limited` when it is one too many.
 */
export interface Credentials {
  /** The actor of a live token of this kind; null for anything else. */
  actorOfToken(kind: TokenKind, secret: string, address: string): Promise<Actor | null>
  /** The channel a custom app's token belongs to, with the actor it makes; null for anything else. */
  channelOfToken(secret: string, address: string): Promise<{ actor: Actor; channel: Channel } | null>
  /** What the actor of a token may still ask, this request counted; null when nothing limits it. */
  quotaOf(actor: Actor): Quota | null
  /** A credential of another kind that opened nothing: counted with the secrets that did not. Refuses `rate_limited`. */
  countFailure(address: string): void
  /** The token of an end user's socket; it never changes for a user as long as the channel's secret key is the same. */
  signEndUser(endUserId: string, channelSecretKey: string): string
}
