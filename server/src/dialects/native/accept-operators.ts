import type { ChangeOperator } from '../../application/operators/change-operator.ts'
import { refuse } from '../../domain/errors.ts'
import { given, requiredText } from './accept-fields.ts'
import { idOf } from './accept-people.ts'
import { refOf } from './ids.ts'
import type { ChangeOperatorBody } from './schema/operators.ts'

export function acceptChangeOperator(id: string, body: ChangeOperatorBody): ChangeOperator {
  const { name, scope, groupIds, isActive, status } = body
  return {
    operator: refOf('operator', id),
    ...given('name', name, (text) => requiredText(text, 'name')),
    ...roleIn(body),
    ...{ scope, isActive, status },
    ...given('groups', groupIds, (ids) => ids.map((group) => refOf('group', group))),
  }
}

function roleIn({ role, roleId }: ChangeOperatorBody): Pick<ChangeOperator, 'role'> {
  if ((role === 'custom') !== (roleId !== undefined))
    refuse('invalid', { field: 'roleId', reason: 'roleId goes with the role `custom`, and only with it.' })
  if (role === undefined) return {}
  return { role: { role, roleId: roleId === undefined ? null : idOf('role', roleId) } }
}
