/** How many there are of each, up to a bound. */
export interface Tally {
  hasRoom(key: string): boolean
  /** Counts one more; what is given back takes it away again. */
  enter(key: string): () => void
}

export function createTally(most: number): Tally {
  const counts = new Map<string, number>()
  const countOf = (key: string) => counts.get(key) ?? 0
  return {
    hasRoom: (key) => countOf(key) < most,
    enter: (key) => {
      counts.set(key, countOf(key) + 1)
      return () => {
        const left = countOf(key) - 1
        if (left > 0) counts.set(key, left)
        else counts.delete(key)
      }
    },
  }
}
