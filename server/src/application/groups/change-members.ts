import type { Actor } from '../../domain/actor.ts'
import { refuse } from '../../domain/errors.ts'
import { allow, allowGroups } from '../../domain/permissions.ts'
import type { Ref } from '../../domain/ref.ts'
import type { Transaction } from '../ports/transaction.ts'
import { viewGroup, type GroupView } from './read-groups.ts'

interface Membership {
  group: Ref
  operator: Ref
}

/** Puts an operator into a group; who is in it stays. Refuses `forbidden` for a group that is not before the actor. */
export async function addMember(tx: Transaction, actor: Actor, input: Membership): Promise<GroupView> {
  return change(tx, actor, { ...input, isMember: true })
}

/** Takes an operator out of a group; who is not in it stays out. */
export async function removeMember(tx: Transaction, actor: Actor, input: Membership): Promise<GroupView> {
  return change(tx, actor, { ...input, isMember: false })
}

async function change(
  tx: Transaction,
  actor: Actor,
  input: Membership & { isMember: boolean },
): Promise<GroupView> {
  allow(actor, 'group.write')
  const group = (await tx.groups.lock(input.group)) ?? refuse('not_found', { what: 'group' })
  const operator = (await tx.operators.lock(input.operator)) ?? refuse('not_found', { what: 'operator' })
  allowGroups(actor, [group.id])
  const before = await viewGroup(tx, group)
  if (before.operatorIds.includes(operator.id) === input.isMember) return before
  if (input.isMember) await tx.operators.joinGroup(operator.id, group.id)
  else await tx.operators.leaveGroup(operator.id, group.id)
  await tx.record({ type: 'group.updated', groupId: group.id, changed: ['operatorIds'] })
  return viewGroup(tx, group)
}
