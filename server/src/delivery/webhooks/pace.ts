/** Messages in one commit that show that many are being sent at once. */
const MANY = 8
/** How long that is remembered. */
const BUSY_MS = 250
/** While it is so, so many tries begin in so many milliseconds: telling can wait, and whoever sends a message cannot. */
const PER_SLICE = 4
const SLICE_MS = 10

/** How fast a process tells, all its webhooks together. Without load it is as fast as it can be. */
export interface Pace {
  /** So many messages were committed at once. */
  note(messages: number): void
  /** Whether one more try may begin. When not, the caller is told as soon as it is worth asking again. */
  mayBegin(askAgain: () => void): boolean
}

export function createPace(now: () => number = () => performance.now()): Pace {
  const waiting = new Set<() => void>()
  let busyUntil = 0
  let begun = 0
  let timer: NodeJS.Timeout | null = null

  function nextSlice(): void {
    timer = null
    begun = 0
    const asking = [...waiting]
    waiting.clear()
    for (const askAgain of asking) askAgain()
  }

  return {
    note: (messages) => {
      if (messages >= MANY) busyUntil = now() + BUSY_MS
    },
    mayBegin: (askAgain) => {
      if (now() >= busyUntil) return true
      timer ??= setTimeout(nextSlice, SLICE_MS).unref()
      begun += 1
      if (begun <= PER_SLICE) return true
      waiting.add(askAgain)
      return false
    },
  }
}
