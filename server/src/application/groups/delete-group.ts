import type { Actor } from '../../domain/actor.ts'
import { refuse } from '../../domain/errors.ts'
import { allow, allowGroups } from '../../domain/permissions.ts'
import type { Ref } from '../../domain/ref.ts'
import type { Tools } from '../ports/house.ts'
import type { Transaction } from '../ports/transaction.ts'

/** So many conversations leave in one transaction. */
const STEP = 5000

/** Takes a group away; its conversations and channels are without one then. Refuses `conflict` for the default group. */
export async function deleteGroup(tools: Tools, actor: Actor, input: { group: Ref }): Promise<void> {
  while ((await tools.act(emptySome, actor, input)) === STEP);
  await tools.act(removeEmpty, actor, input)
}

async function emptySome(tx: Transaction, actor: Actor, { group: ref }: { group: Ref }): Promise<number> {
  const group = await findRemovable(tx, actor, ref)
  return tx.conversations.leaveGroup(group.id, STEP)
}

/** The lock waits for whoever puts a conversation into it. */
async function removeEmpty(tx: Transaction, actor: Actor, { group: ref }: { group: Ref }): Promise<void> {
  await tx.groups.lock(ref)
  const group = await findRemovable(tx, actor, ref)
  while ((await tx.conversations.leaveGroup(group.id, STEP)) > 0);
  await tx.groups.remove(group.id)
  await tx.record({ type: 'group.deleted', groupId: group.id })
}

async function findRemovable(tx: Transaction, actor: Actor, ref: Ref) {
  allow(actor, 'group.write')
  const group = (await tx.groups.find(ref)) ?? refuse('not_found', { what: 'group' })
  allowGroups(actor, [group.id])
  if (group.isDefault) refuse('conflict', { what: 'group', reason: 'The default group stays.' })
  return group
}
