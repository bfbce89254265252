/** No client nests further; whoever does wants recursion to fail somewhere. */
const MOST_LEVELS = 64
/** Of all objects of a body together: the longest documented one has some hundreds. */
const MOST_KEYS = 20_000

/** Why a text was not read as JSON; fit to be told to whoever sent it. */
export class JsonRefused extends Error {
  override readonly name = 'JsonRefused'
  readonly statusCode = 400
}

/** JSON of bounded depth and size, without keys that reach prototypes. The bounds are checked before anything is built. */
export function readJson(text: string): unknown {
  checkBounds(text)
  const value = parse(text)
  if (mayReachPrototypes(text) && reachesPrototypes(value))
    throw new JsonRefused('The JSON has a forbidden key')
  return value
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new JsonRefused('The body is not JSON', { cause: error })
  }
}

const [QUOTE, BACKSLASH, COLON] = [0x22, 0x5c, 0x3a]
const LEVELS: Readonly<Record<number, number>> = { 0x7b: 1, 0x5b: 1, 0x7d: -1, 0x5d: -1 }

/** Counts signs outside of strings, in one pass. */
function checkBounds(text: string): void {
  let isInString = false
  let levels = 0
  let keys = 0
  for (let at = 0; at < text.length; at += 1) {
    const sign = text.charCodeAt(at)
    if (sign === QUOTE) isInString = !isInString
    else if (isInString) at += sign === BACKSLASH ? 1 : 0
    else if (sign === COLON) keys += 1
    else levels += LEVELS[sign] ?? 0
    if (levels > MOST_LEVELS) throw new JsonRefused(`The JSON is nested deeper than ${MOST_LEVELS} levels`)
    if (keys > MOST_KEYS) throw new JsonRefused(`The JSON has more than ${MOST_KEYS} keys`)
  }
}

/** A key may be written with escapes; looking for them first keeps the walk from nearly every body. */
const mayReachPrototypes = (text: string) => /proto|\\u/i.test(text)

/** Such a key is harmless as it is, and changes every object there is once somebody copies it by assignment. */
function reachesPrototypes(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  if (Object.hasOwn(value, '__proto__')) return true
  return Object.entries(value).some(
    ([key, inner]) =>
      (key === 'constructor' &&
        typeof inner === 'object' &&
        inner !== null &&
        Object.hasOwn(inner, 'prototype')) ||
      reachesPrototypes(inner),
  )
}
