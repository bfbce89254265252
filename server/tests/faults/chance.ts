// Chance that can be repeated: every random choice of a fault test comes from one printed seed.

/** `npm run test:faults` runs the long forms; `npm test` the short ones. */
const isLong = process.env.PARLEY_FAULTS === 'long'

export function sized<Size>(sizes: { short: Size; long: Size }): Size {
  return isLong ? sizes.long : sizes.short
}

export interface Chance {
  readonly seed: number
  /** A whole number from 0 up to, not including, the limit. */
  below(limit: number): number
  /** True in this share of the cases. */
  happens(share: number): boolean
  pick<Item>(items: readonly Item[]): Item
  shuffled<Item>(items: readonly Item[]): Item[]
  uuid(): string
  /** Another sequence, for whoever runs beside this one. */
  fork(): Chance
}

/** PARLEY_SEED repeats an earlier run's choices; what many senders do at once keeps an order of its own. */
export function openChance(): Chance {
  const given = Number(process.env.PARLEY_SEED)
  const chance = createChance(
    Number.isSafeInteger(given) && given > 0 ? given : Math.floor(Math.random() * 2 ** 31) + 1,
  )
  process.stderr.write(`chance: PARLEY_SEED=${chance.seed}\n`)
  return chance
}

function createChance(seed: number): Chance {
  const fraction = mulberry32(seed)
  const below = (limit: number) => Math.floor(fraction() * limit)
  return {
    seed,
    below,
    happens: (share) => fraction() < share,
    pick: <Item>(items: readonly Item[]) => {
      const item = items[below(items.length)]
      if (item === undefined) throw new Error('there is nothing to pick')
      return item
    },
    shuffled: <Item>(items: readonly Item[]) =>
      items
        .map((item) => ({ item, place: fraction() }))
        .sort((a, b) => a.place - b.place)
        .map(({ item }) => item),
    uuid: () => {
      const hex = Array.from({ length: 31 }, () => below(16).toString(16)).join('')
      return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(12, 15)}-${'89ab'[below(4)]}${hex.slice(16, 19)}-${hex.slice(19)}`
    },
    fork: () => createChance(below(2 ** 31) + 1),
  }
}

/** Small and good enough; the generator of Tommy Ettinger. */
function mulberry32(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
