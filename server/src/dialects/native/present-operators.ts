import type { OperatorView } from '../../application/operators/read-operators.ts'
import { publicId } from './ids.ts'
import type { OperatorBody } from './schema/operators.ts'

export function presentOperator({ operator, groupIds }: OperatorView, origin: string): OperatorBody {
  const { number, name, email, role, roleId, scope, status, isActive, externalId, avatar } = operator
  return {
    id: publicId('operator', operator.id),
    ...{ number, name, email },
    role,
    roleId: roleId && publicId('role', roleId),
    scope,
    groupIds: groupIds.map((id) => publicId('group', id)),
    ...{ status, isActive, externalId },
    avatarUrl: avatar && origin + avatar.path,
    createdAt: operator.createdAt.toISOString(),
    updatedAt: operator.updatedAt.toISOString(),
  }
}
