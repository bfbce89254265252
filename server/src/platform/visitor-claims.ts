import { createHash, timingSafeEqual } from 'node:crypto'
import { jwtVerify } from 'jose'
import { isStorable } from './text.ts'

type Plain = string | number | boolean | null

/** A user of a site, as a token of the site's says. */
export interface ClaimedUser {
  sub: string
  name?: string
  email?: string
  phone?: string
  fields?: Record<string, Plain>
}

const COMPACT = /^[\w-]+\.[\w-]+\.[\w-]+$/
const LONGEST_TOKEN = 8192
const LONGEST = 255
/** How far ahead a token may end: one that lives longer is as good as a password. */
const LONGEST_LIFE_S = 86_400
const MOST_FIELDS = 100
const LONGEST_VALUE = 2000

/** Reads a JWT signed with the channel's key: HS256 and nothing else, with an end. The reason, as a text, when it is not believed. */
export async function readUserToken(
  token: string,
  secretKey: string,
  now: Date,
): Promise<ClaimedUser | { refused: string }> {
  if (token.length > LONGEST_TOKEN || !COMPACT.test(token)) return { refused: 'The token is no signed JWT.' }
  const key = new TextEncoder().encode(secretKey)
  const read = await jwtVerify(token, key, {
    ...{ algorithms: ['HS256'], currentDate: now, requiredClaims: ['sub', 'exp'], clockTolerance: 0 },
  }).catch((error: unknown) => (error instanceof Error ? error.message : 'not valid'))
  if (typeof read === 'string') return { refused: `The token is not believed: ${read}.` }
  const { payload } = read
  if ((payload.exp ?? Infinity) > now.getTime() / 1000 + LONGEST_LIFE_S)
    return { refused: 'The token ends more than a day from now.' }
  return userOf(payload)
}

function userOf(payload: Record<string, unknown>): ClaimedUser | { refused: string } {
  const { sub, fields } = payload
  if (!isWord(sub)) return { refused: 'sub is no text of 1 to 255 characters.' }
  const user: ClaimedUser = { sub }
  for (const name of ['name', 'email', 'phone'] as const) {
    const value = payload[name]
    if (value === undefined || value === null) continue
    if (!isWord(value)) return { refused: `${name} is no text of 1 to 255 characters.` }
    user[name] = value
  }
  if (fields === undefined || fields === null) return user
  const plain = plainFields(fields)
  return plain ? { ...user, fields: plain } : { refused: 'fields are not plain values.' }
}

const isWord = (value: unknown): value is string =>
  typeof value === 'string' && value.trim() !== '' && value.length <= LONGEST && isStorable(value)

function plainFields(given: unknown): Record<string, Plain> | null {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) return null
  const entries = Object.entries(given)
  if (entries.length > MOST_FIELDS || !entries.every(([name, value]) => isWord(name) && isPlain(value)))
    return null
  return Object.fromEntries(entries)
}

function isPlain(value: unknown): value is Plain {
  if (typeof value === 'string') return value.length <= LONGEST_VALUE && isStorable(value)
  return value === null || typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value))
}

export interface SignedField {
  name: string
  value: unknown
}

/**
 * Blinger's signed custom fields: lower-case hex MD5 over all values in the order given, then the key. True is `1`, false and null are nothing.
 * The fields when the signature fits, else the reason.
 */
export function readSignedFields(
  given: SignedField[],
  sign: string,
  secretKey: string,
): { fields: Record<string, Plain> } | { refused: string } {
  const names = given.map(({ name }) => name)
  const fields = plainFields(Object.fromEntries(given.map(({ name, value }) => [name, value])))
  if (!fields || given.length === 0 || new Set(names).size !== names.length)
    return { refused: 'The fields are not plain values, each under a name of its own.' }
  const signed = given.map(({ value }) => written(value as Plain)).join('') + secretKey
  const fitting = createHash('md5').update(signed, 'utf8').digest()
  const shown = /^[0-9a-f]{32}$/.test(sign) ? Buffer.from(sign, 'hex') : Buffer.alloc(0)
  if (shown.length !== fitting.length || !timingSafeEqual(shown, fitting))
    return { refused: 'The signature does not fit the fields.' }
  return { fields }
}

function written(value: Plain): string {
  if (value === true) return '1'
  return value === false || value === null ? '' : String(value)
}
