/** Things that wait in lanes: of each lane one is out at a time, in order; the lanes take turns. */
export interface Lanes<Item> {
  /** How many wait. */
  size(): number
  add(lane: string, item: Item): void
  /** The next one of a lane that has none out; null when there is none. */
  take(): { lane: string; item: Item } | null
  /** The one that was out is back. */
  finish(lane: string): void
}

export function createLanes<Item>(): Lanes<Item> {
  /** A lane is here while something of it waits or is out. */
  const waiting = new Map<string, Item[]>()
  const free: string[] = []
  let count = 0
  return {
    size: () => count,
    add: (lane, item) => {
      count += 1
      const others = waiting.get(lane)
      if (others) others.push(item)
      else {
        waiting.set(lane, [item])
        free.push(lane)
      }
    },
    take: () => {
      const lane = free.shift()
      const item = lane === undefined ? undefined : waiting.get(lane)?.shift()
      if (lane === undefined || item === undefined) return null
      count -= 1
      return { lane, item }
    },
    finish: (lane) => {
      if (waiting.get(lane)?.length) free.push(lane)
      else waiting.delete(lane)
    },
  }
}
