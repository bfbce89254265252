import type { GroupView } from '../../application/groups/read-groups.ts'
import { publicId } from './ids.ts'
import type { GroupBody } from './schema/groups.ts'

export function presentGroup({ group, operatorIds }: GroupView): GroupBody {
  const { number, title, color, priority, isDefault } = group
  return {
    id: publicId('group', group.id),
    ...{ number, title, color, priority, isDefault },
    operatorIds: operatorIds.map((id) => publicId('operator', id)),
    createdAt: group.createdAt.toISOString(),
    updatedAt: group.updatedAt.toISOString(),
  }
}
