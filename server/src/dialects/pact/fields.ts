import { refuse } from '../../domain/errors.ts'

/** Parameters of a request, from its query string and body together. */
export type Params = Readonly<Record<string, unknown>>

const INTEGER = /^[+-]?\d{1,16}$/
const PHONE = /^\d{10,15}$/
const FLAGS = new Map([
  ...['true', '1', 't', 'on', 'yes'].map((word) => [word, true] as const),
  ...['false', '0', 'f', 'off', 'no'].map((word) => [word, false] as const),
])

export function invalid(field: string, reason: string): never {
  return refuse('invalid', { field, reason })
}

/** Absent and null are the same. */
export function textOf(params: Params, field: string): string | undefined {
  const value = params[field]
  if (value === undefined || value === null) return undefined
  return typeof value === 'string' ? value : invalid(field, 'must be a string')
}

/** Words to say: none when there is nothing but blanks. */
export function wordsOf(params: Params, field: string): string | undefined {
  const text = textOf(params, field)
  return text?.trim() ? text : undefined
}

/** A name for people or machines, without blanks around it; none when empty. */
export function nameOf(params: Params, field: string): string | undefined {
  const name = textOf(params, field)?.trim()
  if (name && name.length > 255) invalid(field, 'must not be more than 255 symbols')
  return name || undefined
}

/** A number, or the same as a decimal string; the empty string is none. */
export function integerOf(params: Params, field: string): number | undefined {
  const value = params[field]
  if (value === undefined || value === null || value === '') return undefined
  const number = typeof value === 'string' && INTEGER.test(value.trim()) ? Number(value) : value
  return typeof number === 'number' && Number.isSafeInteger(number)
    ? number
    : invalid(field, 'must be an integer')
}

/** A boolean as clients write it: forms have no other than words and digits. */
export function flagOf(params: Params, field: string): boolean | undefined {
  const value = params[field]
  if (value === undefined || value === null || value === '') return undefined
  const flag = typeof value === 'boolean' ? value : FLAGS.get(wordFor(value))
  return flag ?? invalid(field, 'must be a boolean')
}

function wordFor(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value).trim().toLowerCase() : ''
}

/** Digits with country code, as Pact writes phones; a national 8 at the front of eleven digits becomes 7. */
export function phoneOf(params: Params, field: string): string | undefined {
  const value = params[field]
  if (value === undefined || value === null || value === '') return undefined
  const written = typeof value === 'number' ? String(value) : value
  if (typeof written !== 'string') invalid(field, 'must be a string')
  const digits = written.replace(/[\s()-]/g, '').replace(/^\+/, '')
  const phone = /^8\d{10}$/.test(digits) ? `7${digits.slice(1)}` : digits
  return PHONE.test(phone) ? phone : invalid(field, 'must be in format 79250000001')
}

/** The items of an array, of a form's `name[]`, of an object with numbered keys, or one bare value; none when absent. */
export function itemsOf(params: Params, field: string, most: number): unknown[] {
  const value = params[field]
  if (value === undefined || value === null || value === '') return []
  const items = typeof value === 'object' ? Object.values(value) : [value]
  if (items.length > most) invalid(field, `must not have more than ${most} items`)
  return items
}

export function objectOf(params: Params, field: string): Params | undefined {
  const value = params[field]
  if (value === undefined || value === null || value === '') return undefined
  if (typeof value !== 'object' || Array.isArray(value)) invalid(field, 'must be an object')
  return Object.fromEntries(Object.entries(value))
}
