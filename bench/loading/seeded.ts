/** A number between 0 and 1 that depends on nothing but its seeds: whoever asks again, in whatever order, gets the same. */
export function chance(a: number, b = 0, c = 0): number {
  return hash(a, b, c) / 4_294_967_296
}

/** 32 bits out of three numbers (murmur3's way of mixing). */
export function hash(a: number, b = 0, c = 0): number {
  return mix(mix(mix(0x9747b28c, a), b), c) >>> 0
}

function mix(state: number, value: number): number {
  let h = state ^ Math.imul(value ^ 0x5bd1e995, 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return h ^ (h >>> 16)
}

/** A UUID v7 of that moment. */
export function uuidAt(ms: number, a: number, b: number): string {
  const time = Math.floor(ms).toString(16).padStart(12, '0')
  const tail = [hash(a, b, 1), hash(a, b, 2), hash(a, b, 3)].map((part) => part.toString(16).padStart(8, '0'))
  const [x = '', y = '', z = ''] = tail
  return `${time.slice(0, 8)}-${time.slice(8)}-7${x.slice(1, 4)}-8${x.slice(5, 8)}-${y}${z.slice(0, 4)}`
}
