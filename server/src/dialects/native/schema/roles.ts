import type { Static } from 'typebox'
import { Type } from 'typebox'
import { PERMISSIONS, SCOPES, type Permission, type Scope } from '../../../domain/permissions.ts'
import { nullable, time, word } from './fields.ts'

const name = Type.String({ minLength: 1, maxLength: 255 })
export const permissions = Type.Array(word<Permission>(PERMISSIONS), { maxItems: PERMISSIONS.length * 2 })
export const scope = word<Scope>(
  SCOPES,
  'Whose conversations it sees: its own, those of its groups too, or all.',
)

export const RoleBody = Type.Object({
  id: Type.String({ description: '`role_…`, or the name of a role that every account has.' }),
  name: Type.String(),
  isBuiltIn: Type.Boolean({ description: 'Every account has it, and nobody changes it.' }),
  permissions: Type.Array(Type.String()),
  scope,
  createdAt: nullable(time),
  updatedAt: nullable(time),
})
export type RoleBody = Static<typeof RoleBody>

export const CreateRoleBody = Type.Object({ name, permissions, scope }, { additionalProperties: false })
export type CreateRoleBody = Static<typeof CreateRoleBody>

export const UpdateRoleBody = Type.Object(
  { name: Type.Optional(name), permissions: Type.Optional(permissions), scope: Type.Optional(scope) },
  { additionalProperties: false },
)
export type UpdateRoleBody = Static<typeof UpdateRoleBody>

export const PermissionList = Type.Object({
  items: Type.Array(Type.Object({ name: Type.String(), isYours: Type.Boolean() })),
  nextCursor: Type.Null(),
})
