import type { Say } from './words.ts'

/** Times as the reader writes them. */
export interface Times {
  clock(at: number): string
  day(at: number): string
  exact(at: number): string
  size(bytes: number): string
}

const DAY = 86_400_000

export function createTimes(locale: string, now: () => number): Times {
  const clock = new Intl.DateTimeFormat(locale, { timeStyle: 'short' })
  const exact = new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeStyle: 'short' })
  const near = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' })
  const thisYear = new Intl.DateTimeFormat(locale, { weekday: 'long', day: 'numeric', month: 'long' })
  const otherYear = new Intl.DateTimeFormat(locale, { dateStyle: 'long' })
  return {
    clock: (at) => clock.format(at),
    exact: (at) => exact.format(at),
    day(at) {
      const days = daysBetween(now(), at)
      if (days === 0 || days === -1) return capital(near.format(days, 'day'), locale)
      const isThisYear = new Date(at).getFullYear() === new Date(now()).getFullYear()
      return capital((isThisYear ? thisYear : otherYear).format(at), locale)
    },
    size(bytes) {
      const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte']
      const rank = Math.min(Math.floor(Math.log10(Math.max(bytes, 1)) / 3), 3)
      const unit = units[rank] ?? 'byte'
      const unitDisplay = rank === 0 ? 'long' : 'short'
      const style = { style: 'unit', unit, unitDisplay, maximumFractionDigits: rank > 1 ? 1 : 0 } as const
      return new Intl.NumberFormat(locale, style).format(bytes / 1000 ** rank)
    },
  }
}

/** "Back on Monday at 09:00", by the reader's own clock. */
export function backAt(opensAt: number, now: number, { say, locale }: { say: Say; locale: string }): string {
  const time = new Intl.DateTimeFormat(locale, { timeStyle: 'short' }).format(opensAt)
  const days = daysBetween(now, opensAt)
  if (days <= 0) return say('backToday', { time })
  if (days === 1) return say('backTomorrow', { time })
  const form: Intl.DateTimeFormatOptions = days < 7 ? { weekday: 'long' } : { day: 'numeric', month: 'long' }
  return say('backOn', { time, day: new Intl.DateTimeFormat(locale, form).format(opensAt) })
}

function daysBetween(from: number, to: number): number {
  const midnight = (at: number) => new Date(at).setHours(0, 0, 0, 0)
  return Math.round((midnight(to) - midnight(from)) / DAY)
}

function capital(text: string, locale: string): string {
  return text.charAt(0).toLocaleUpperCase(locale) + text.slice(1)
}
