import type { Actor } from '../../domain/actor.ts'
import type { Group } from '../../domain/group.ts'
import { allow } from '../../domain/permissions.ts'
import type { Transaction } from '../ports/transaction.ts'

/** Adds a group of operators, last in priority unless told. Refuses `conflict` for a priority that another group has. */
export async function createGroup(
  tx: Transaction,
  actor: Actor,
  input: { title: string; color: string; priority?: number },
): Promise<Group> {
  allow(actor, 'group.write')
  const groups = await tx.groups.list()
  const group = await tx.groups.insert({
    ...input,
    id: tx.ids.next(),
    accountId: actor.accountId,
    priority: input.priority ?? Math.max(0, ...groups.map(({ priority }) => priority)) + 1,
    isDefault: false,
    createdAt: tx.now,
    updatedAt: tx.now,
  })
  await tx.record({ type: 'group.created', groupId: group.id })
  return group
}
