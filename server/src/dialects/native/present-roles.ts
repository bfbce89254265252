import { BUILT_IN_ROLES, type BuiltInRole, type Role } from '../../domain/role.ts'
import { publicId } from './ids.ts'
import type { RoleBody } from './schema/roles.ts'

const BUILT_IN = Object.entries(BUILT_IN_ROLES) as [BuiltInRole, (typeof BUILT_IN_ROLES)[BuiltInRole]][]

/** The roles that every account has; their names are their ids. */
export function presentBuiltInRoles(): RoleBody[] {
  return BUILT_IN.map(([name, { permissions, scope }]) => ({
    ...{ id: name, name, isBuiltIn: true, permissions: [...permissions], scope },
    ...{ createdAt: null, updatedAt: null },
  }))
}

export function presentRole({ id, name, permissions, scope, createdAt, updatedAt }: Role): RoleBody {
  return {
    ...{ id: publicId('role', id), name, isBuiltIn: false, permissions, scope },
    ...{ createdAt: createdAt.toISOString(), updatedAt: updatedAt.toISOString() },
  }
}
