import type { ChangeOperator } from '../../application/operators/change-operator.ts'
import { refuse } from '../../domain/errors.ts'
import { BUILT_IN_ROLES, type BuiltInRole } from '../../domain/role.ts'
import { given, requiredText } from './accept-fields.ts'
import { idOf, refOf } from './ids.ts'
import type { ChangeOperatorBody } from './schema/operators.ts'

export function acceptChangeOperator(id: string, body: ChangeOperatorBody): ChangeOperator {
  const { name, role, scope, groupIds, isActive, status } = body
  return {
    operator: refOf('operator', id),
    ...given('name', name, (text) => requiredText(text, 'name')),
    ...given('role', role, acceptRole),
    ...{ scope, isActive, status },
    ...given('groups', groupIds, (ids) => ids.map((group) => refOf('group', group))),
  }
}

/** The name of a role that every account has, or the id of one of its own. Nobody is made an owner. */
export function acceptRole(role: string): NonNullable<ChangeOperator['role']> {
  if (role === 'owner') refuse('invalid', { field: 'role', reason: 'Nobody is made an owner.' })
  if (isBuiltIn(role)) return { role, roleId: null }
  return { role: 'custom', roleId: idOf('role', role) }
}

function isBuiltIn(role: string): role is Exclude<BuiltInRole, 'owner'> {
  return Object.hasOwn(BUILT_IN_ROLES, role)
}
