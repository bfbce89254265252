import type { TSchema } from 'typebox'
import { Type } from 'typebox'

/** What schemas of several resources are made of. */
export const nullable = <Schema extends TSchema>(schema: Schema) => Type.Union([schema, Type.Null()])
export const idOf = (prefix: string, description?: string) =>
  Type.String({ description: `\`${prefix}_…\`${description ? `: ${description}` : ''}` })
export const moment = (description?: string) =>
  Type.String({ format: 'date-time', ...(description && { description }) })
export const word = <Word extends string>(words: readonly Word[], description?: string) =>
  Type.Unsafe<Word>({ type: 'string', enum: [...words], ...(description && { description }) })
export const number = Type.Integer({
  description: 'The integer name, as the dialects with integers know it.',
})

/** An id as it is given: its public form, or the UUID with or without hyphens. */
export const givenId = (what: string) => Type.String({ minLength: 1, maxLength: 255, description: what })
export const words = (maxLength: number, description?: string) =>
  Type.String({ minLength: 1, maxLength, ...(description && { description }) })
export const time = (description: string) =>
  Type.String({ minLength: 1, maxLength: 40, description: `${description} ISO 8601 with a time zone.` })

export const metadata = (description: string) =>
  Type.Object(
    {},
    {
      additionalProperties: true,
      description: `${description} At most 64 kB of JSON, nested at most 20 levels.`,
    },
  )
export const tags = Type.Array(words(100), { maxItems: 100, description: 'They replace the ones there.' })

/** A deed that needs no words. */
export const Nothing = Type.Union([Type.Null(), Type.Object({}, { additionalProperties: false })])
/** A body of which nothing is needed may be left out. */
export const orNothing = <Schema extends TSchema>(schema: Schema) => Type.Union([schema, Type.Null()])
export const NOTHING_MORE = { additionalProperties: false } as const

export const limit = Type.Optional(
  Type.Integer({ minimum: 1, maximum: 100, description: 'Most items in one answer; 25.' }),
)
export const cursor = Type.Optional(
  Type.String({
    maxLength: 512,
    description: 'The `nextCursor` of the answer before; without it the list begins.',
  }),
)
export const listOf = <Item extends TSchema>(item: Item) =>
  Type.Object({
    items: Type.Array(item),
    nextCursor: Type.Union([
      Type.String({ description: 'Where to go on: the next `cursor`.' }),
      Type.Null({ description: 'That was all.' }),
    ]),
  })

export const Named = Type.Object({ id: givenId('`conv_…`, `msg_…`, `contact_…` or `ch_…`, by the path.') })
