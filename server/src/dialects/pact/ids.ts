import { refuse } from '../../domain/errors.ts'
import type { Ref } from '../../domain/ref.ts'

/** Pact speaks integers: the `number` of a row is its `external_id`. */
export function numberIn(segment: string | undefined, what: string): number {
  const number = segment !== undefined && /^\d{1,16}$/.test(segment) ? Number(segment) : Number.NaN
  return Number.isSafeInteger(number) ? number : refuse('not_found', { what })
}

/** The row that a path segment names; what cannot be a name is nobody's. */
export function refIn(segment: string | undefined, what: string): Ref {
  return { number: numberIn(segment, what) }
}
