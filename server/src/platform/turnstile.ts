/** Lets so many through at once; the others wait for their turn, in order. */
export interface Turnstile {
  pass<Output>(work: () => Promise<Output>): Promise<Output>
}

export function createTurnstile(atOnce: number): Turnstile {
  const waiting: (() => void)[] = []
  let inside = 0

  /** Whoever leaves hands the place on, so that nobody who comes now is before those who wait. */
  function leave(): void {
    const next = waiting.shift()
    if (next) next()
    else inside -= 1
  }

  return {
    pass: async (work) => {
      if (inside < atOnce) inside += 1
      else await new Promise<void>((resolve) => waiting.push(resolve))
      try {
        return await work()
      } finally {
        leave()
      }
    },
  }
}
