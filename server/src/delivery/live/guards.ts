/** What is remembered of somebody who came in, and held again and again against what it is worth. */
export interface GuardParts<Held extends { accountId: string }, Worth> {
  /** In the order asked for; null for what is worth nothing any more. */
  look(held: Held[]): Promise<(Worth | null)[]>
  /** How long it may have been worth nothing unnoticed, where nothing tells of it. */
  everyMs: number
  onBug(error: unknown): void
}

export interface Guards<Held, Worth> {
  add(held: Held, onLook: (worth: Worth | null) => void): Disposable
  /** Looks at once at those that fit. */
  check(fits: (held: Held) => boolean): Promise<void>
  close(): void
}

/** Looked at in one go: more would keep the process from anything else for a while. */
const MOST_AT_ONCE = 1000

interface Guarded<Held, Worth> {
  held: Held
  onLook(worth: Worth | null): void
}

export function createGuards<Held extends { accountId: string }, Worth>({
  look,
  everyMs,
  onBug,
}: GuardParts<Held, Worth>): Guards<Held, Worth> {
  const all = new Set<Guarded<Held, Worth>>()
  let timer: NodeJS.Timeout | null = null
  let isLooking = false

  async function lookAt(guarded: Guarded<Held, Worth>[]): Promise<void> {
    for (let at = 0; at < guarded.length; at += MOST_AT_ONCE) {
      const some = guarded.slice(at, at + MOST_AT_ONCE).filter((one) => all.has(one))
      const found = await look(some.map(({ held }) => held))
      some.forEach((one, place) => all.has(one) && one.onLook(found[place] ?? null))
    }
  }

  /** A database that does not answer ends nobody's line. */
  function lookAtAll(): void {
    if (isLooking) return
    isLooking = true
    void lookAt([...all])
      .catch(onBug)
      .finally(() => (isLooking = false))
  }

  function stop(): void {
    if (timer) clearInterval(timer)
    timer = null
  }

  return {
    add: (held, onLook) => {
      const one = { held, onLook }
      all.add(one)
      timer ??= setInterval(lookAtAll, everyMs).unref()
      return {
        [Symbol.dispose]: () => {
          all.delete(one)
          if (all.size === 0) stop()
        },
      }
    },
    check: (fits) => lookAt([...all].filter(({ held }) => fits(held))),
    close: stop,
  }
}
