import type { WidgetSettings } from './widget.ts'

type Hours = NonNullable<WidgetSettings['hours']>

const MINUTE_MS = 60_000
const DAY_MINUTES = 1440
const DAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']

/** Whether it is open now, and when it opens next; null while it is open, or when it never does. */
export function openState(hours: Hours, now: Date): { isOpen: boolean; opensAt: Date | null } {
  const { day, minute } = localTime(hours.timeZone, now)
  const spans = hours.days.map((span) => ({
    day: span.day,
    from: minutesOf(span.from),
    to: minutesOf(span.to),
  }))
  if (spans.some((span) => span.day === day && span.from <= minute && minute < span.to))
    return { isOpen: true, opensAt: null }
  const waits = spans
    .filter(({ from, to }) => from < to)
    .map((span) => {
      const ahead = ((span.day - day + 7) % 7) * DAY_MINUTES + span.from - minute
      return ahead > 0 ? ahead : ahead + 7 * DAY_MINUTES
    })
  const opensAt = waits.length === 0 ? null : settle(hours.timeZone, now, Math.min(...waits))
  return { isOpen: false, opensAt }
}

/** So many minutes of local time ahead: where clocks are changed in between, that is an hour more or less. */
function settle(timeZone: string, now: Date, ahead: number): Date {
  const begun = Math.floor(now.getTime() / MINUTE_MS) * MINUTE_MS
  const guess = new Date(begun + ahead * MINUTE_MS)
  const from = localTime(timeZone, now)
  const wanted = (from.minute + ahead) % DAY_MINUTES
  const met = localTime(timeZone, guess).minute
  const off = ((met - wanted + DAY_MINUTES * 1.5) % DAY_MINUTES) - DAY_MINUTES / 2
  return new Date(guess.getTime() - off * MINUTE_MS)
}

export function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}

function localTime(timeZone: string, at: Date): { day: number; minute: number } {
  const parts = new Intl.DateTimeFormat('en-US', {
    ...{ timeZone, weekday: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
  } as const).formatToParts(at)
  const part = (type: string) => parts.find((found) => found.type === type)?.value ?? ''
  return {
    day: DAYS.indexOf(part('weekday')) + 1,
    minute: Number(part('hour')) * 60 + Number(part('minute')),
  }
}

function minutesOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number)
  return hours * 60 + minutes
}
