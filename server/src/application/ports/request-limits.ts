import type { Quota } from '../../domain/quota.ts'

/** One request of a token; a channel's own token has no limit but its account's. */
export interface Asking {
  accountId: string
  tokenId: string
  /** Requests a minute; null for no limit. */
  rateLimit: number | null
}

/** How often one may ask. Both count, and refuse `rate_limited` what is too much. */
export interface RequestLimits {
  /** What is left of the narrower of the token's and the account's limit; null when there is neither. */
  spend(asking: Asking): Quota | null
  /** A secret from this address opened nothing. Whoever has a right one is not held up by those. */
  countFailure(address: string): void
  /** Somebody whom nobody knows yet asks: to sign in, to join, for a link. */
  countStranger(address: string): void
  /** A visitor of somebody's site asks. */
  countVisitor(address: string): void
}
