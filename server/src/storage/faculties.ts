import { sql } from 'kysely'
import type { Permission, Reach, Scope } from '../domain/permissions.ts'
import { powersOf, type OperatorRole } from '../domain/role.ts'

/** What an operator `o` may do comes down to, for a `select`: its role, what the account's own role says, and its groups. */
export const FACULTIES = sql`
  o.id as operator_id, o.role, o.scope,
  (select r.permissions from role r where r.account_id = o.account_id and r.id = o.role_id) as role_permissions,
  (select r.scope from role r where r.account_id = o.account_id and r.id = o.role_id) as role_scope,
  array(select m.group_id::text from operator_group_member m
    where m.account_id = o.account_id and m.operator_id = o.id) as group_ids,
  (select g.id::text from operator_group g where g.account_id = o.account_id and g.is_default) as default_group_id`

export interface FacultiesRow {
  operatorId: string
  role: OperatorRole
  scope: Scope | null
  rolePermissions: Permission[] | null
  roleScope: Scope | null
  groupIds: string[]
  defaultGroupId: string | null
}

/** What an operator may do, and whose conversations it sees. */
export interface Faculties {
  permissions: ReadonlySet<Permission>
  reach: Reach
}

export function toFaculties(row: FacultiesRow): Faculties {
  const { operatorId, groupIds, defaultGroupId } = row
  const custom = row.rolePermissions &&
    row.roleScope && { permissions: row.rolePermissions, scope: row.roleScope }
  const { permissions, scope } = powersOf(row, custom)
  if (scope === 'all') return { permissions, reach: { kind: 'all' } }
  if (scope === 'own') return { permissions, reach: { kind: 'own', operatorId } }
  const isDefaultIncluded = defaultGroupId !== null && groupIds.includes(defaultGroupId)
  return { permissions, reach: { kind: 'groups', operatorId, groupIds, isDefaultIncluded } }
}
