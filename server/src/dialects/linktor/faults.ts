import type { Static, TObject } from 'typebox'
import { Value } from 'typebox/value'
import { isStorable, unstorablePath } from '../../platform/text.ts'

/** What is wrong with one field of a request. */
export interface Fault {
  field: string
  message: string
}

/** A request that cannot be understood, with everything that is wrong with it. */
export class InvalidRequest extends Error {
  override readonly name = 'InvalidRequest'
  readonly faults: Fault[]

  constructor(faults: Fault[], message = 'Invalid request parameters') {
    super(message)
    this.faults = faults
  }
}

/** Throws when there is anything to complain about. */
export function refuseFaults(faults: Fault[]): void {
  if (faults.length > 0) throw new InvalidRequest(faults)
}

const DEEPEST = 20

/** The body as an object whose texts the database can keep and whose nesting is bounded; throws otherwise. */
export function readBody(body: unknown): Record<string, unknown> {
  const given = body ?? {}
  if (!isObject(given)) throw new InvalidRequest([{ field: 'body', message: 'must be an object' }])
  const odd = oddPath(given)
  if (odd) throw new InvalidRequest([odd])
  const path = unstorablePath(given)
  if (path !== null)
    throw new InvalidRequest([{ field: told(path), message: 'contains characters that cannot be stored' }])
  return given
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The first place nested too deeply, with a key that is no key, or with a number no JSON can carry back. */
function oddPath(body: object): Fault | null {
  const waiting = [{ path: '', depth: 0, value: body }]
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { path, depth } = next
    if (depth > DEEPEST)
      return { field: topOf(path), message: `must not be nested deeper than ${DEEPEST} levels` }
    for (const [key, value] of Object.entries(next.value) as [string, unknown][]) {
      const inner = path === '' ? key : `${path}.${key}`
      if (key === '__proto__') return { field: told(inner), message: 'is not an allowed key' }
      if (typeof value === 'number' && !Number.isFinite(value))
        return { field: told(inner), message: 'must be a finite number' }
      if (typeof value === 'object' && value !== null) waiting.push({ path: inner, depth: depth + 1, value })
    }
  }
  return null
}

/** Keys come from the caller: what cannot be repeated is told as the body's fault. */
const told = (path: string) => (path !== '' && path.length <= 200 && isStorable(path) ? path : 'body')
const topOf = (path: string) => told(path.split('.', 1)[0] ?? '')

/** A body that is what its schema says; throws with its faults and those found besides. */
export function checked<Schema extends TObject>(
  schema: Schema,
  body: Record<string, unknown>,
  besides: Fault[] = [],
): Static<Schema> {
  const faults = [...faultsOf(schema, body), ...besides]
  if (faults.length > 0 || !Value.Check(schema, body)) throw new InvalidRequest(faults)
  return body
}

/** Everything that is wrong, field by field: the checker stops after a few faults, so each field gets its own turn. */
export function faultsOf(schema: TObject, body: Record<string, unknown>, prefix = ''): Fault[] {
  if (Value.Check(schema, body)) return []
  const required = new Set<string>(schema.required)
  return Object.entries(schema.properties).flatMap(([key, property]) => {
    const field = prefix + key
    if (!Object.hasOwn(body, key)) return required.has(key) ? [{ field, message: 'is required' }] : []
    return Value.Errors(property, body[key]).flatMap((error) => {
      const path = field + error.instancePath.replaceAll('/', '.')
      if (error.keyword !== 'required') return [{ field: path, message: error.message }]
      return error.params.requiredProperties.map((name) => ({
        field: `${path}.${name}`,
        message: 'is required',
      }))
    })
  })
}
