const ISO =
  /^(\d{4}-\d{2}-\d{2})(?:T\d{2}:\d{2}(?<seconds>:\d{2}(?<fraction>\.\d{1,9})?)?(?<zone>Z|[+-]\d{2}:\d{2})?)?$/i
const SECOND_MS = 1000
const MINUTE_MS = 60 * SECOND_MS
const DAY_MS = 24 * 60 * MINUTE_MS

/** ISO 8601 in UTC, to the second: `2024-01-15T10:30:00Z`. */
export function writeTime(at: Date): string {
  return `${at.toISOString().slice(0, 19)}Z`
}

/** A moment as precise as it was written: `until` is the first moment after it (the next day's, second's …). */
export interface Moment {
  at: Date
  until: Date
}

/** An ISO 8601 date or time; without a zone it is UTC. Null for anything else, and for days no calendar has. */
export function readTime(text: string): Moment | null {
  // A plus that was not encoded arrives as a blank.
  const match = ISO.exec(text.replace(/ (?=\d{2}:\d{2}$)/, '+'))
  const [whole, day] = match ?? []
  if (!match || !whole || !day || !isDay(day)) return null
  const hasTime = whole.length > day.length
  const at = new Date(hasTime && !match.groups?.zone ? `${whole}Z` : whole)
  if (Number.isNaN(at.getTime())) return null
  return { at, until: new Date(at.getTime() + precision(hasTime, match.groups)) }
}

function isDay(day: string): boolean {
  const at = new Date(`${day}T00:00:00Z`)
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(day)
}

function precision(hasTime: boolean, groups: Record<string, string | undefined> = {}): number {
  if (!hasTime) return DAY_MS
  if (!groups.seconds) return MINUTE_MS
  return groups.fraction ? 1 : SECOND_MS
}
