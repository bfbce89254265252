import type { Static, TSchema } from 'typebox'
import { Type } from 'typebox'

export const PAGE = {
  limit: Type.Optional(
    Type.Integer({ minimum: 1, maximum: 100, description: 'Most items in one answer; 25.' }),
  ),
  cursor: Type.Optional(
    Type.String({
      maxLength: 512,
      description: 'The `nextCursor` of the answer before. Without it: from the start.',
    }),
  ),
}

export const PageQuery = Type.Object(PAGE, { additionalProperties: false })
export type PageQuery = Static<typeof PageQuery>

export function pageOf<Item extends TSchema>(item: Item) {
  return Type.Object({
    items: Type.Array(item),
    nextCursor: Type.Union([Type.String(), Type.Null()], { description: 'Null on the last page.' }),
  })
}
