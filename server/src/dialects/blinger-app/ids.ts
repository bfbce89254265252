import type { Ref } from '../../domain/ref.ts'

/** Names nothing: integer names begin at 1. */
export const NOBODY: Ref = { number: 0 }

const INTEGER = /^[+-]?\d{1,16}$/

/** An integer as clients write it, as a number or as text; null for anything else. */
export function readInteger(value: unknown): number | null {
  const number = typeof value === 'string' && INTEGER.test(value.trim()) ? Number(value) : value
  return Number.isSafeInteger(number) ? Number(number) : null
}
