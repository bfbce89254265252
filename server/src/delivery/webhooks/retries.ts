import type { Unsaved } from '../../application/ports/webhooks.ts'

/** Looked at at once: more than are ever out. */
const PAGE = 100

export interface RetriesParts {
  pending(limit: number): Promise<(Unsaved & { dueAt: Date })[]>
  clock(): Date
  /** There is something to take, or another time to wait for. */
  onChange(): void
  onBug(error: unknown): void
}

/** What one webhook is to be told again, when its time has come. */
export interface Retries {
  /** Whether there is something to take. */
  hasDue(): boolean
  take(): Unsaved | null
  /** It was tried, and that is written down. */
  finish(id: string): void
  /** Something is due then, as far as the caller knows. */
  dueAt(at: Date): void
  /** When to look again; null while nothing is known to become due. */
  next(): Date | null
  /** Nothing is due, and nothing is out. */
  isIdle(): boolean
}

export function createRetries(parts: RetriesParts): Retries {
  let due: Unsaved[] = []
  const out = new Set<string>()
  let nextAt: Date | null = null
  let isLooking = false

  const isDue = () => nextAt !== null && nextAt <= parts.clock()

  async function look(): Promise<void> {
    isLooking = true
    nextAt = null
    const found = await parts.pending(PAGE)
    const now = parts.clock()
    const others = found.filter(({ id }) => !out.has(id))
    due = others.filter(({ dueAt }) => dueAt <= now)
    const later = others.find(({ dueAt }) => dueAt > now)?.dueAt
    if (later) note(later)
    else if (found.length === PAGE) note(now)
  }

  function note(at: Date): void {
    if (nextAt === null || at < nextAt) nextAt = at
  }

  /** What the database would not say is asked for again, by the caller's slow timer at the latest. */
  function lookOn(): void {
    const asked = parts.clock()
    look()
      .catch((error: unknown) => {
        parts.onBug(error)
        note(new Date(asked.getTime() + 1000))
      })
      .finally(() => {
        isLooking = false
        parts.onChange()
      })
  }

  return {
    hasDue: () => due.length > 0,
    take: () => {
      const next = due.shift()
      if (next) out.add(next.id)
      else if (!isLooking && isDue()) lookOn()
      return next ?? null
    },
    finish: (id) => out.delete(id),
    dueAt: note,
    next: () => nextAt,
    isIdle: () => due.length === 0 && out.size === 0 && !isLooking && !isDue(),
  }
}
