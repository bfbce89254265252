import type { TSchema } from 'typebox'
import { Type } from 'typebox'

/** A name of a thing, as it goes out and may come in. */
export const publicIdOf = (prefix: string) => Type.String({ description: `\`${prefix}_…\`` })

export const nullable = <Schema extends TSchema>(schema: Schema) => Type.Union([schema, Type.Null()])

export const word = <Word extends string>(words: readonly Word[], description = '') =>
  Type.Unsafe<Word>({ type: 'string', enum: [...words], ...(description && { description }) })

export const time = Type.String({ format: 'date-time' })
export const born = { createdAt: time, updatedAt: time }

/** A deed that needs nothing said: no body, or an empty one. */
export const NoBody = Type.Union([Type.Null(), Type.Object({}, { additionalProperties: false })])

export const Gone = Type.Null({ description: 'Done.' })
