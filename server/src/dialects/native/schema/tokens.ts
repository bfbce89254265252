import type { Static } from 'typebox'
import { Type } from 'typebox'
import { TOKEN_KINDS, type TokenKind } from '../../../domain/token.ts'
import { nullable, publicIdOf, time, word } from './fields.ts'
import { PAGE } from './paging.ts'
import { permissions } from './roles.ts'

const kind = word<TokenKind>(TOKEN_KINDS, 'The API it opens, and no other.')

const TOKEN = {
  id: publicIdOf('token'),
  kind,
  name: Type.String(),
  operatorId: publicIdOf('op'),
  permissions: Type.Array(Type.String(), {
    description: 'What it can do, as far as its operator can.',
  }),
  scopes: nullable(Type.Array(Type.String(), { description: 'The same in its API’s own words.' })),
  expiresAt: nullable(time),
  lastUsedAt: nullable(time),
  rateLimit: nullable(Type.Integer({ description: 'Requests a minute.' })),
  createdAt: time,
}
export const TokenBody = Type.Object(TOKEN)
export type TokenBody = Static<typeof TokenBody>

export const TokenWithSecret = Type.Object({
  ...TOKEN,
  secret: Type.String({ description: 'Shown this once.' }),
})

export const TokenListQuery = Type.Object(
  { ...PAGE, kind: Type.Optional(kind) },
  { additionalProperties: false },
)
export type TokenListQuery = Static<typeof TokenListQuery>

export const CreateTokenBody = Type.Object(
  {
    kind,
    name: Type.String({ minLength: 1, maxLength: 255 }),
    permissions: Type.Optional(permissions),
    operatorId: Type.Optional(publicIdOf('op')),
    expiresAt: Type.Optional(nullable(Type.String({ maxLength: 64 }))),
    rateLimit: Type.Optional(nullable(Type.Integer({ minimum: 1, maximum: 1_000_000 }))),
  },
  { additionalProperties: false },
)
export type CreateTokenBody = Static<typeof CreateTokenBody>
