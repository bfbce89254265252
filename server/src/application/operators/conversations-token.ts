import type { Ids } from '../ports/ids.ts'

/** 13 hex characters: 8 of the unix seconds, 5 of microseconds; only the seconds are known, so the rest is random. */
export function conversationsToken(now: Date, ids: Ids): string {
  const seconds = Math.floor(now.getTime() / 1000)
  const [high = 0, middle = 0, low = 0] = ids.bytes(3)
  const micros = ((high << 16) | (middle << 8) | low) % 1_000_000
  return seconds.toString(16).padStart(8, '0') + micros.toString(16).padStart(5, '0')
}
