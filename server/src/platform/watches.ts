/** Watches that may wait at once. Beyond them nobody waits: an answer at once is better than a server full of the waiting. */
const MOST_WATCHES = 1000
/** The slow timer: how long a lost wake-up can go unnoticed. */
const SLOW_MS = 5000
/** Pauses between looks while something is held back: each twice the one before. */
const FIRST_HELD_BACK_MS = 10
const LONGEST_HELD_BACK_MS = 500

interface Patience {
  waitMs: number
  signal: AbortSignal
}

export interface Watch extends Disposable {
  next(isHeldBack: boolean): Promise<boolean>
}

/** Those who wait for something by its key, and who wakes them. */
export interface Watches {
  open(key: string, patience: Patience): Watch
  /** null wakes everybody. */
  wake(keys: Iterable<string> | null): void
  /** Ends all waiting; nobody waits from then on. */
  close(): void
  count(): number
}

interface Waiter {
  wake(): void
  end(): void
}

export function createWatches(most = MOST_WATCHES): Watches {
  const waiting = new Map<string, Set<Waiter>>()
  let count = 0
  let isClosed = false
  const all = () => [...waiting.values()].flatMap((waiters) => [...waiters])

  function add(key: string, waiter: Waiter): void {
    const waiters = waiting.get(key) ?? new Set()
    waiting.set(key, waiters.add(waiter))
    count += 1
  }

  function remove(key: string, waiter: Waiter): void {
    const waiters = waiting.get(key)
    if (!waiters?.delete(waiter)) return
    count -= 1
    if (waiters.size === 0) waiting.delete(key)
  }

  return {
    open: (key, patience) => {
      if (isClosed || count >= most || patience.waitMs <= 0 || patience.signal.aborted) return IMPATIENT
      const { waiter, next } = createWaiter(patience.waitMs)
      add(key, waiter)
      patience.signal.addEventListener('abort', waiter.end)
      return {
        next,
        [Symbol.dispose]: () => {
          patience.signal.removeEventListener('abort', waiter.end)
          waiter.end()
          remove(key, waiter)
        },
      }
    },
    wake: (keys) => {
      const woken = keys === null ? all() : [...keys].flatMap((key) => [...(waiting.get(key) ?? [])])
      for (const waiter of woken) waiter.wake()
    },
    close: () => {
      isClosed = true
      for (const waiter of all()) waiter.end()
    },
    count: () => count,
  }
}

const IMPATIENT: Watch = { next: () => Promise.resolve(false), [Symbol.dispose]: () => undefined }

function createWaiter(waitMs: number): { waiter: Waiter } & Pick<Watch, 'next'> {
  const deadline = performance.now() + waitMs
  let heldBackMs = FIRST_HELD_BACK_MS
  let isOver = false
  /** Woken since the last look. */
  let isWoken = false
  let isDeaf = false
  let resume: (() => void) | null = null

  const pause = (ms: number) =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(() => resume?.(), ms)
      resume = () => {
        clearTimeout(timer)
        resume = null
        resolve()
      }
    })

  /** A wake-up does not release what is held back, and a busy account would have it looked at without a pause. */
  async function pauseHeldBack(leftMs: number): Promise<void> {
    isDeaf = true
    await pause(Math.min(heldBackMs, leftMs))
    isDeaf = false
    heldBackMs = Math.min(heldBackMs * 2, LONGEST_HELD_BACK_MS)
  }

  return {
    waiter: {
      wake: () => {
        isWoken = true
        if (!isDeaf) resume?.()
      },
      end: () => {
        isOver = true
        resume?.()
      },
    },
    next: async (isHeldBack) => {
      const leftMs = deadline - performance.now()
      if (isOver || leftMs <= 0) return false
      if (!isHeldBack) heldBackMs = FIRST_HELD_BACK_MS
      const longestMs = isHeldBack ? heldBackMs : SLOW_MS
      if (isHeldBack) await pauseHeldBack(leftMs)
      else if (!isWoken) await pause(Math.min(SLOW_MS, leftMs))
      const isTimeUp = leftMs <= longestMs && !isWoken
      isWoken = false
      return !isOver && !isTimeUp
    },
  }
}
