/** At most `limit` in any stretch of `windowMs`. One key keeps to one rule; its limit may change. */
export interface Rule {
  limit: number
  windowMs: number
}

export interface Allowance {
  isAllowed: boolean
  limit: number
  /** How many more are allowed now. */
  remaining: number
  /** When the whole limit is there again, if nothing more is taken. */
  resetAt: Date
  /** Seconds until the next one is allowed, at least 1; 0 while one is. */
  retryAfter: number
}

/** Counts in this process alone: n processes allow n times as much. */
export interface RateLimiter {
  /** Counts one, unless that would be too many. What is refused does not count. */
  take(key: string, rule: Rule): Allowance
  /** What `take` would say, without counting. */
  look(key: string, rule: Rule): Allowance
  /** As if the key had never been counted. */
  forget(key: string): void
}

interface RateLimiterParts {
  clock(): Date
  /** Past this many keys the one that was quiet the longest is forgotten. */
  mostKeys?: number
}

/** The window slides in steps of this part of it. */
const SLICES = 12
const MOST_KEYS = 50_000

interface Slice {
  index: number
  count: number
}

interface Tally {
  slices: Slice[]
  /** From this moment on it counts nothing. */
  endsAt: number
}

/** A sliding window of slices. A slice counts until all of it is past, so that no stretch of a window's length ever sees more than the limit. */
export function createRateLimiter({ clock, mostKeys = MOST_KEYS }: RateLimiterParts): RateLimiter {
  /** The longest quiet one comes first. */
  const tallies = new Map<string, Tally>()

  function slicesOf(key: string, now: number, sliceMs: number): Slice[] {
    const current = Math.floor(now / sliceMs)
    // A clock that was set back leaves slices in the future: they would lock out for as long as it was ahead.
    const counts = ({ index }: Slice) => index >= current - SLICES && index <= current
    return (tallies.get(key)?.slices ?? []).filter(counts)
  }

  function keep(key: string, tally: Tally, now: number): void {
    tallies.delete(key)
    for (const [oldest, { endsAt }] of tallies) {
      if (tallies.size < mostKeys && endsAt > now) break
      tallies.delete(oldest)
    }
    tallies.set(key, tally)
  }

  return {
    take: (key, { limit, windowMs }) => {
      const now = clock().getTime()
      const sliceMs = windowMs / SLICES
      const slices = slicesOf(key, now, sliceMs)
      if (sumOf(slices) >= limit) return allowanceOf(slices, { now, limit, sliceMs, isAllowed: false })
      const index = Math.floor(now / sliceMs)
      const last = slices.at(-1)
      if (last?.index === index) last.count += 1
      else slices.push({ index, count: 1 })
      keep(key, { slices, endsAt: endOf(index, sliceMs) }, now)
      return allowanceOf(slices, { now, limit, sliceMs, isAllowed: true })
    },
    look: (key, { limit, windowMs }) => {
      const now = clock().getTime()
      const sliceMs = windowMs / SLICES
      const slices = slicesOf(key, now, sliceMs)
      return allowanceOf(slices, { now, limit, sliceMs, isAllowed: sumOf(slices) < limit })
    },
    forget: (key) => {
      tallies.delete(key)
    },
  }
}

const sumOf = (slices: Slice[]) => slices.reduce((sum, { count }) => sum + count, 0)

/** A slice is let go when the window has slid past its end. */
const endOf = (index: number, sliceMs: number) => (index + 1 + SLICES) * sliceMs

interface Moment {
  now: number
  limit: number
  sliceMs: number
  isAllowed: boolean
}

function allowanceOf(slices: Slice[], { now, limit, sliceMs, isAllowed }: Moment): Allowance {
  const last = slices.at(-1)
  return {
    isAllowed,
    limit,
    remaining: Math.max(0, limit - sumOf(slices)),
    resetAt: new Date(last ? Math.ceil(endOf(last.index, sliceMs)) : now),
    retryAfter: isAllowed ? 0 : Math.max(1, Math.ceil((nextAt(slices, limit, sliceMs) - now) / 1000)),
  }
}

/** When enough slices have gone that one more fits: with a limit that was lowered meanwhile that may take several. */
function nextAt(slices: Slice[], limit: number, sliceMs: number): number {
  let left = sumOf(slices)
  for (const { index, count } of slices) {
    left -= count
    if (left < limit) return endOf(index, sliceMs)
  }
  return endOf(slices.at(-1)?.index ?? 0, sliceMs)
}
