import { isStorable } from '../../platform/text.ts'
import type { Fault } from './faults.ts'
import { refuseFaults } from './faults.ts'
import type { IdKind } from './ids.ts'
import { NOBODY, readId } from './ids.ts'
import type { Moment } from './time.ts'
import { readTime } from './time.ts'

/** Past this, an offset is no number a database counts with. */
const LAST_PAGE = 2_147_483_647
const WHOLE = /^\d{1,10}$/

/** Reads the parameters of a request, and remembers what is wrong with them until asked. */
export interface QueryReader {
  text(name: string): string | undefined
  /** The UUID of an id given; one that names no row for an id that cannot be ours. */
  id(name: string, ...kinds: IdKind[]): string | undefined
  choice<Value extends string>(name: string, values: readonly Value[]): Value | undefined
  /** A whole number from 1; more than `most` counts as that. */
  count(name: string, by: { default: number; most?: number }): number
  flag(name: string): boolean
  moment(name: string): Moment | undefined
  complain(field: string, message: string): void
  /** Throws everything that was wrong at once. */
  refuseFaults(): void
}

export function readQuery(query: unknown): QueryReader {
  const given = new Map(Object.entries(query ?? {}) as [string, unknown][])
  const faults: Fault[] = []
  const complain = (field: string, message: string): undefined => {
    faults.push({ field, message })
  }
  const text = (name: string): string | undefined => {
    const value = given.get(name)
    if (value === undefined) return undefined
    if (typeof value !== 'string') return complain(name, 'must be given once')
    return isStorable(value) ? value : complain(name, 'contains characters that cannot be stored')
  }

  return {
    text,
    complain,
    refuseFaults: () => refuseFaults(faults),
    id: (name, ...kinds) => {
      const value = text(name)
      if (value === undefined) return undefined
      return kinds.map((kind) => readId(kind, value)).find((id) => id !== null) ?? NOBODY
    },
    choice: (name, values) => {
      const value = text(name)
      const found = values.find((known) => known === value)
      return value === undefined || found ? found : complain(name, `must be one of: ${values.join(', ')}`)
    },
    count: (name, by) => {
      const value = text(name)
      if (value === undefined) return by.default
      const number = WHOLE.test(value) ? Number(value) : 0
      if (number < 1 || number > LAST_PAGE) complain(name, 'must be a whole number, 1 or more')
      return Math.min(number, by.most ?? LAST_PAGE)
    },
    flag: (name) => {
      const value = text(name)
      if (value !== undefined && !FLAGS.has(value)) complain(name, 'must be true or false')
      return FLAGS.get(value ?? '') ?? false
    },
    moment: (name) => {
      const value = text(name)
      if (value === undefined) return undefined
      return readTime(value) ?? complain(name, 'must be an ISO 8601 date or time')
    },
  }
}

const FLAGS = new Map([
  ['true', true],
  ['1', true],
  ['false', false],
  ['0', false],
])
