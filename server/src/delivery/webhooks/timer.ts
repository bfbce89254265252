/** A minute: the clock that says when may be another one than the timer's. */
const LONGEST_MS = 60_000

/** One alarm, which keeps no process alive. */
export interface Timer {
  /** At that moment by the caller's clock, if it is yet to come. An earlier wish is replaced. */
  at(moment: Date | null, now: Date): void
  /** So much later, unless it is set already. */
  in(ms: number): void
  stop(): void
}

export function createTimer(onTime: () => void): Timer {
  let timer: NodeJS.Timeout | null = null

  function stop(): void {
    if (timer) clearTimeout(timer)
    timer = null
  }
  function start(ms: number): void {
    timer = setTimeout(() => {
      timer = null
      onTime()
    }, ms).unref()
  }

  return {
    at: (moment, now) => {
      stop()
      if (moment && moment > now) start(Math.min(moment.getTime() - now.getTime(), LONGEST_MS))
    },
    in: (ms) => {
      if (!timer) start(ms)
    },
    stop,
  }
}
