import { createHash, randomFillSync } from 'node:crypto'

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i
const COUNTER_LIMIT = 0x1000
/** Random bytes are fetched for 256 ids at once: one call each would cost more than the rest of newId. */
const pool = Buffer.alloc(10 * 256)
let used = pool.length
let lastTime = 0
let counter = 0

/** A UUID v7. Ids of one process grow strictly, also within a millisecond and when the clock is set back. */
export function newId(): string {
  const random = takeRandom()
  const now = Date.now()
  if (now > lastTime) {
    lastTime = now
    // The upper half of the counter stays free for ids of the same millisecond.
    counter = random.readUInt16BE(0) & 0x7ff
  } else if (++counter === COUNTER_LIMIT) {
    lastTime += 1
    counter = 0
  }
  const time = lastTime.toString(16).padStart(12, '0')
  const sequence = (0x7000 | counter).toString(16)
  const variant = (0x8000 | (random.readUInt16BE(2) & 0x3fff)).toString(16)
  return `${time.slice(0, 8)}-${time.slice(8)}-${sequence}-${variant}-${random.toString('hex', 4, 10)}`
}

/** The UUID (version 8) that a text stands for: the same for the same text. */
export function idFrom(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex')
  const variant = ((Number.parseInt(hex.slice(16, 20), 16) & 0x3fff) | 0x8000).toString(16)
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}-${hex.slice(20, 32)}`
}

/** Whether a text is written as a UUID, of whatever version. */
export function isUuid(text: string): boolean {
  return UUID.test(text)
}

function takeRandom(): Buffer {
  if (used === pool.length) {
    randomFillSync(pool)
    used = 0
  }
  used += 10
  return pool.subarray(used - 10, used)
}
