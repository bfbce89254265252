import type { TSchema } from 'typebox'
import { Type } from 'typebox'

export const nullable = <Schema extends TSchema>(schema: Schema) => Type.Union([schema, Type.Null()])
export const uuid = (description?: string) =>
  Type.String({ format: 'uuid', ...(description && { description }) })
/** As it is given: its form is looked at where it is read, so that the refusal names it. */
export const givenUuid = Type.String({ minLength: 1, maxLength: 100, description: 'A UUID.' })
export const word = <Word extends string>(words: readonly Word[], description?: string) =>
  Type.Unsafe<Word>({ type: 'string', enum: [...words], ...(description && { description }) })
export const moment = Type.String({ format: 'date-time' })
export const seq = (description?: string) =>
  Type.Integer({ minimum: 0, maximum: 2_147_483_647, ...(description && { description }) })
export const NOTHING_MORE = { additionalProperties: false } as const
