import type { Clock } from '../src/core/ports.ts'

export interface FalseClock extends Clock {
  /** Lets time pass, and everything that is due happen, in order. */
  pass(milliseconds: number): Promise<void>
  /** When the next thing is due, in milliseconds from now; null for never. */
  next(): number | null
}

/** Lets everything that only waits for promises happen. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve()
}

export function createFalseClock(): FalseClock {
  let now = Date.UTC(2026, 0, 5, 12)
  const due = new Set<{ at: number; run: () => void }>()
  const first = () => [...due].sort((one, other) => one.at - other.at)[0]
  return {
    now: () => now,
    after(milliseconds, run) {
      const timer = { at: now + milliseconds, run }
      due.add(timer)
      return () => due.delete(timer)
    },
    next: () => {
      const timer = first()
      return timer ? timer.at - now : null
    },
    async pass(milliseconds) {
      const end = now + milliseconds
      await settle()
      for (let timer = first(); timer && timer.at <= end; timer = first()) {
        due.delete(timer)
        now = Math.max(now, timer.at)
        timer.run()
        await settle()
      }
      now = end
      await settle()
    },
  }
}
