import type { RequestLimits } from '../application/ports/request-limits.ts'
import { refuse } from '../domain/errors.ts'
import { placeOf } from '../platform/client-address.ts'
import type { Config } from '../platform/config.ts'
import { createRateLimiter, type Allowance } from '../platform/rate-limiter.ts'

const MINUTE_MS = 60_000

/** Limits of requests a minute, counted in this process. */
export function createRequestLimits(limits: Config['limits'], clock: () => Date): RequestLimits {
  const limiter = createRateLimiter({ clock })
  const count = (key: string, limit: number) => {
    const { isAllowed, retryAfter } = limiter.take(key, { limit, windowMs: MINUTE_MS })
    if (!isAllowed) refuse('rate_limited', { retryAfter })
  }
  return {
    spend: ({ accountId, tokenId, rateLimit }) => {
      const rules = [
        { key: `token:${tokenId}`, limit: rateLimit },
        { key: `account:${accountId}`, limit: limits.accountRate },
      ].flatMap(({ key, limit }) => (limit === null ? [] : [{ key, rule: { limit, windowMs: MINUTE_MS } }]))
      // What one of them refuses is not counted by the other.
      for (const { key, rule } of rules) refuseAbove(limiter.look(key, rule))
      const [narrowest] = rules
        .map(({ key, rule }) => limiter.take(key, rule))
        .sort((one, other) => one.remaining - other.remaining)
      return narrowest ? quotaOf(narrowest) : null
    },
    countFailure: (address) => count(`failed-credential:${placeOf(address)}`, limits.failedCredentials),
    countStranger: (address) => count(`stranger:${placeOf(address)}`, limits.strangers),
    countVisitor: (address) => count(`visitor:${placeOf(address)}`, limits.visitors),
  }
}

function refuseAbove(allowance: Allowance): void {
  const { isAllowed, retryAfter } = allowance
  if (!isAllowed) refuse('rate_limited', { retryAfter, quota: quotaOf(allowance) })
}

const quotaOf = ({ limit, remaining, resetAt }: Allowance) => ({ limit, remaining, resetAt })
