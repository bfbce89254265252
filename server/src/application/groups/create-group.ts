import type { Actor } from '../../domain/actor.ts'
import type { Group } from '../../domain/group.ts'
import type { Transaction } from '../ports/transaction.ts'

/** Adds a group of operators, last in priority. */
export async function createGroup(
  tx: Transaction,
  actor: Actor,
  input: { title: string; color: string },
): Promise<Group> {
  const groups = await tx.groups.list()
  return tx.groups.insert({
    ...input,
    id: tx.ids.next(),
    accountId: actor.accountId,
    priority: Math.max(0, ...groups.map((group) => group.priority)) + 1,
    isDefault: false,
    createdAt: tx.now,
    updatedAt: tx.now,
  })
}
