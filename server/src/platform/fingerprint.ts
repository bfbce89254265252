import { createHash } from 'node:crypto'

/**
 * SHA-256 of parsed JSON in one canonical form: the order of an object's keys and the spelling of numbers and texts do
 * not matter, everything else does. Without recursion: input may be nested deeper than the stack.
 */
export function fingerprintOf(value: unknown): Buffer {
  const hash = createHash('sha256')
  const waiting: (string | { value: unknown })[] = [{ value }]
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (typeof next === 'string') hash.update(next)
    else if (typeof next.value === 'object' && next.value !== null)
      for (const part of partsOf(next.value).toReversed()) waiting.push(part)
    else hash.update(typeof next.value === 'string' ? JSON.stringify(next.value) : String(next.value))
  }
  return hash.digest()
}

function partsOf(value: object): (string | { value: unknown })[] {
  if (Array.isArray(value)) return ['[', ...value.flatMap((item) => [{ value: item }, ',']), ']']
  const fields = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1))
  return ['{', ...fields.flatMap(([key, field]) => [`${JSON.stringify(key)}:`, { value: field }, ',']), '}']
}
