import type { Static } from 'typebox'
import { Type } from 'typebox'
import type { OperatorStatus } from '../../../domain/operator.ts'
import { OPERATOR_ROLES, type OperatorRole } from '../../../domain/role.ts'
import { born, nullable, publicIdOf, word } from './fields.ts'
import { scope } from './roles.ts'

const assignable = OPERATOR_ROLES.filter((role) => role !== 'owner')
const status = word<OperatorStatus>(['online', 'offline'])

export const OperatorBody = Type.Object({
  id: publicIdOf('op'),
  number: Type.Integer(),
  name: Type.String(),
  email: nullable(Type.String()),
  role: word<OperatorRole>(OPERATOR_ROLES, '`custom`: see `roleId`.'),
  roleId: nullable(publicIdOf('role')),
  scope: nullable(scope),
  groupIds: Type.Array(publicIdOf('group')),
  status,
  isActive: Type.Boolean({ description: 'Whether it may sign in, and its tokens work.' }),
  externalId: nullable(Type.String({ description: 'Its id in the service that registered it.' })),
  avatarUrl: nullable(Type.String()),
  ...born,
})
export type OperatorBody = Static<typeof OperatorBody>

export const ChangeOperatorBody = Type.Object(
  {
    name: Type.Optional(Type.String({ minLength: 1, maxLength: 255 })),
    role: Type.Optional(
      word<Exclude<OperatorRole, 'owner'>>(
        assignable,
        '`custom` goes with `roleId`, a role of the account’s own.',
      ),
    ),
    roleId: Type.Optional(publicIdOf('role')),
    scope: Type.Optional(nullable(scope)),
    groupIds: Type.Optional(Type.Array(publicIdOf('group'), { maxItems: 100 })),
    isActive: Type.Optional(Type.Boolean()),
    status: Type.Optional(status),
  },
  { additionalProperties: false },
)
export type ChangeOperatorBody = Static<typeof ChangeOperatorBody>
