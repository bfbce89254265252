import type { Actor } from '../../domain/actor.ts'
import { refuse } from '../../domain/errors.ts'
import type { Group } from '../../domain/group.ts'
import { allow } from '../../domain/permissions.ts'
import type { Ref } from '../../domain/ref.ts'
import type { Transaction } from '../ports/transaction.ts'
import { viewGroup, type GroupView } from './read-groups.ts'

/** Absent stays. */
export interface UpdateGroup {
  group: Ref
  title?: string
  color?: string
  priority?: number
}

/** Refuses `not_found`, and `conflict` for a priority that another group has. */
export async function updateGroup(
  tx: Transaction,
  actor: Actor,
  { group: ref, ...given }: UpdateGroup,
): Promise<GroupView> {
  allow(actor, 'group.write')
  const before = (await tx.groups.lock(ref)) ?? refuse('not_found', { what: 'group' })
  const changed = Object.keys(given)
  if (changed.length === 0) return viewGroup(tx, before)
  const after: Group = { ...before, ...given, updatedAt: tx.now }
  await tx.groups.save(after)
  await tx.record({ type: 'group.updated', groupId: after.id, changed })
  return viewGroup(tx, after)
}
