import { Type } from 'typebox'
import type { TUnsafe } from 'typebox'

// `type: [x, 'null']` and not a union: the serializer then writes null as null, and never guesses between branches.
const nullable = <Value>(type: string, rest: object = {}): TUnsafe<Value | null> =>
  Type.Unsafe<Value | null>({ type: [type, 'null'], ...rest })

export const nullableText = (description?: string) =>
  nullable<string>('string', description === undefined ? {} : { description })
export const nullableInteger = (description?: string) =>
  nullable<number>('integer', description === undefined ? {} : { description })
export const nullableBoolean = () => nullable<boolean>('boolean')
export const nullableTexts = () => nullable<string[]>('array', { items: { type: 'string' } })
export const nullableFacts = () => nullable<Record<string, unknown>>('object', { additionalProperties: true })

/** Unix time in seconds. */
export const unixTime = () => Type.Integer({ description: 'Unix time, seconds' })
export const nullableUnixTime = () => nullableInteger('Unix time, seconds')
