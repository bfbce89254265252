import type { Static } from 'typebox'
import { Type } from 'typebox'
import { born, nullable, publicIdOf } from './fields.ts'

export const AccountBody = Type.Object({
  id: publicIdOf('acc'),
  number: Type.Integer(),
  name: Type.String(),
  phone: nullable(Type.String()),
  description: nullable(Type.String()),
  ownerId: publicIdOf('op'),
  ...born,
})
export type AccountBody = Static<typeof AccountBody>

export const UpdateAccountBody = Type.Object(
  {
    name: Type.Optional(Type.String({ minLength: 1, maxLength: 255 })),
    phone: Type.Optional(nullable(Type.String({ maxLength: 64 }))),
    description: Type.Optional(nullable(Type.String({ maxLength: 2000 }))),
  },
  { additionalProperties: false },
)
export type UpdateAccountBody = Static<typeof UpdateAccountBody>
