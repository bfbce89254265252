import type { Static } from 'typebox'
import { Type } from 'typebox'
import { givenUuid, NOTHING_MORE, nullable, seq } from './values.ts'

const page = {
  url: nullable(Type.String({ maxLength: 8192 })),
  title: nullable(Type.String({ maxLength: 1000 })),
}
const text = Type.String({ maxLength: 10_000 })

export const BeginSession = Type.Object(
  {
    widgetKey: Type.String({ minLength: 1, maxLength: 100 }),
    token: Type.Optional(Type.String({ maxLength: 200 })),
    identity: Type.Optional(
      Type.Union([
        Type.Object({ jwt: Type.String({ maxLength: 8192 }) }, NOTHING_MORE),
        Type.Object(
          {
            fields: Type.Array(
              Type.Object({ name: Type.String({ maxLength: 255 }), value: Type.Unknown() }, NOTHING_MORE),
              { maxItems: 100, description: 'In the order in which they were signed.' },
            ),
            sign: Type.String({ maxLength: 100 }),
          },
          NOTHING_MORE,
        ),
      ]),
    ),
    page: Type.Optional(Type.Object(page, NOTHING_MORE)),
    language: Type.Optional(Type.String({ maxLength: 35, description: 'A BCP 47 tag.' })),
  },
  NOTHING_MORE,
)
export type BeginSession = Static<typeof BeginSession>

export const WriteMessage = Type.Object(
  {
    id: Type.String({ ...givenUuid, description: 'A UUID of its sender’s: the same one comes once.' }),
    text,
  },
  NOTHING_MORE,
)
export type WriteMessage = Static<typeof WriteMessage>

export const ListMessages = Type.Object(
  {
    before: Type.Optional(seq('Only messages before this `seq`; the last ones by default.')),
    after: Type.Optional(seq('Only messages after this `seq`: the next ones.')),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, description: '30 by default.' })),
  },
  NOTHING_MORE,
)
export type ListMessages = Static<typeof ListMessages>

export const Seen = Type.Object(
  {
    receivedSeq: Type.Optional(seq('The last entry that was shown.')),
    readSeq: Type.Optional(seq('The last entry that was read.')),
  },
  NOTHING_MORE,
)
export type Seen = Static<typeof Seen>

export const Page = Type.Object(page, NOTHING_MORE)
export type Page = Static<typeof Page>

export const Card = Type.Object(
  {
    name: Type.Optional(Type.String({ maxLength: 255 })),
    email: Type.Optional(Type.String({ maxLength: 255 })),
    phone: Type.Optional(Type.String({ maxLength: 50 })),
  },
  NOTHING_MORE,
)
export type Card = Static<typeof Card>

export const Answer = Type.Object(
  {
    mark: Type.Integer({ minimum: 1, maximum: 5 }),
    text: Type.Optional(Type.String({ maxLength: 2000 })),
    isConfirmed: Type.Boolean({ description: 'A confirmed answer is final.' }),
  },
  NOTHING_MORE,
)
export type Answer = Static<typeof Answer>

export const ById = Type.Object({ id: Type.String({ minLength: 1, maxLength: 255 }) })
export type ById = Static<typeof ById>
