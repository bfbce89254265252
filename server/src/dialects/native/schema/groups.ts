import type { Static } from 'typebox'
import { Type } from 'typebox'
import { born, publicIdOf } from './fields.ts'

const title = Type.String({ minLength: 1, maxLength: 255 })
const color = Type.String({ pattern: '^#[0-9A-Fa-f]{6}$', description: '`#rrggbb`' })
const priority = Type.Integer({
  minimum: 1,
  maximum: 1_000_000,
  description: 'Unique in the account; the smaller number is served first.',
})

export const GroupBody = Type.Object({
  id: publicIdOf('group'),
  number: Type.Integer(),
  title: Type.String(),
  color: Type.String(),
  priority: Type.Integer(),
  isDefault: Type.Boolean({ description: 'Conversations of no group count as its own.' }),
  operatorIds: Type.Array(publicIdOf('op')),
  ...born,
})
export type GroupBody = Static<typeof GroupBody>

export const CreateGroupBody = Type.Object(
  { title, color, priority: Type.Optional(priority) },
  { additionalProperties: false },
)
export type CreateGroupBody = Static<typeof CreateGroupBody>

export const UpdateGroupBody = Type.Object(
  { title: Type.Optional(title), color: Type.Optional(color), priority: Type.Optional(priority) },
  { additionalProperties: false },
)
export type UpdateGroupBody = Static<typeof UpdateGroupBody>
