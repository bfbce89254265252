import type { FastifyRequest } from 'fastify'
import { refuse } from '../../domain/errors.ts'
import type { JsonObject, Ref } from '../../domain/ref.ts'
import { readJson } from '../../platform/json.ts'
import { isStorable, unstorablePath } from '../../platform/text.ts'
import { NOBODY, readInteger } from './ids.ts'

/** What a request says, wherever it says it. */
export type Params = Readonly<Record<string, unknown>>

/** Parameters of the body, else of the query string: clients of this API write either. */
export function paramsOf(request: FastifyRequest): Params {
  return { ...asRecord(request.query), ...asRecord(request.body) }
}

function asRecord(value: unknown): Params {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Params) : {}
}

/** Forms cannot say null: an empty text is a parameter left out. */
function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null && value !== ''
}

export const has = (params: Params, name: string): boolean => params[name] !== undefined

const invalid = (field: string): never => refuse('invalid', { field })
const missing = (field: string): never => refuse('missing', { field })

export function integerParam(params: Params, name: string): number | undefined {
  const value = params[name]
  return isGiven(value) ? (readInteger(value) ?? invalid(name)) : undefined
}

/** The row an integer names. Refuses `missing`. */
export function neededRef(params: Params, name: string): Ref {
  return { number: integerParam(params, name) ?? missing(name) }
}

export function optionalRef(params: Params, name: string): Ref | undefined {
  const number = integerParam(params, name)
  return number === undefined ? undefined : { number }
}

/** A list's filter: what cannot be a name fits no row, and is no reason to refuse. */
export function filterRef(params: Params, name: string): Ref | null {
  const value = params[name]
  if (!isGiven(value)) return null
  const number = readInteger(value)
  return number === null ? NOBODY : { number }
}

/** A text, or a number written without quotes. Refuses `invalid` for anything else and for what cannot be stored. */
export function textParam(params: Params, name: string, longest = Infinity): string | undefined {
  const value = params[name]
  if (!isGiven(value)) return undefined
  const text = typeof value === 'number' && isExact(value) ? String(value) : value
  if (typeof text !== 'string' || !isStorable(text) || text.length > longest) return invalid(name)
  return text
}

/** Numbers whose digits came through as they were written. */
const isExact = (value: number) => Number.isSafeInteger(value) || !Number.isInteger(value)

/** A text with something in it. Refuses `missing`. */
export function neededText(params: Params, name: string, longest?: number): string {
  const text = textParam(params, name, longest)
  return text === undefined || text.trim() === '' ? missing(name) : text
}

const YES: readonly unknown[] = [true, 1, '1', 'true']
const NO: readonly unknown[] = [false, 0, '0', 'false']

export function flagParam(params: Params, name: string): boolean {
  const value = params[name]
  if (!isGiven(value) || NO.includes(value)) return false
  return YES.includes(value) || invalid(name)
}

/** Serializers and the database recurse; nobody's facts are nested this deep. */
const DEEPEST = 64

/** An object, or the JSON text of one. */
export function objectParam(params: Params, name: string): JsonObject | undefined {
  const value = params[name]
  if (!isGiven(value)) return undefined
  const object = typeof value === 'string' ? parsed(value, name) : value
  if (typeof object !== 'object' || object === null || Array.isArray(object)) return invalid(name)
  if (isDeeperThan(object, DEEPEST) || unstorablePath(object) !== null) return invalid(name)
  return object as JsonObject
}

function parsed(text: string, name: string): unknown {
  try {
    return readJson(text)
  } catch {
    return invalid(name)
  }
}

function isDeeperThan(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return false
  return depth === 0 || Object.values(value).some((inner) => isDeeperThan(inner, depth - 1))
}

/** Texts, as an array or separated by commas. */
export function textsParam(params: Params, name: string, longest: number): string[] | undefined {
  const value = params[name]
  if (!isGiven(value)) return undefined
  const items: unknown[] = Array.isArray(value)
    ? value
    : typeof value === 'string'
      ? value.split(',')
      : invalid(name)
  return items.flatMap((item) => textParam({ [name]: item }, name, longest)?.trim() || [])
}
