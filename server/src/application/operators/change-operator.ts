import type { Actor } from '../../domain/actor.ts'
import { refuse } from '../../domain/errors.ts'
import { mustStandDown, type Operator, type OperatorStatus } from '../../domain/operator.ts'
import { allow, allowGroups, type Scope } from '../../domain/permissions.ts'
import type { Ref } from '../../domain/ref.ts'
import type { OperatorRole } from '../../domain/role.ts'
import type { Transaction } from '../ports/transaction.ts'
import { mustNotOutrank } from './powers.ts'
import type { OperatorView } from './read-operators.ts'

/** Absent stays. A role of the account's own is `custom` with its id; `scope` null is the role's. */
export interface ChangeOperator {
  operator: Ref
  name?: string
  role?: { role: Exclude<OperatorRole, 'owner'>; roleId: string | null }
  scope?: Scope | null
  groups?: Ref[]
  isActive?: boolean
  status?: OperatorStatus
}

/**
 * Changes what an operator is and may do. Its tokens and sessions follow at once; the conversations in its hands stay there. Refuses
 * `forbidden` for whoever can do more than the actor, before or after, for the owner's role and standing, and for disabling oneself.
 */
export async function changeOperator(
  tx: Transaction,
  actor: Actor,
  input: ChangeOperator,
): Promise<OperatorView> {
  allow(actor, 'operator.write')
  const before = (await tx.operators.lock(input.operator)) ?? refuse('not_found', { what: 'operator' })
  await mustNotOutrank(tx, actor, before)
  const { name, role, scope, isActive, status } = input
  const after: Operator = {
    ...before,
    ...(name !== undefined && { name }),
    ...(role !== undefined && role),
    ...(scope !== undefined && { scope }),
    ...(isActive !== undefined && { isActive }),
    ...(status !== undefined && { status }),
    updatedAt: tx.now,
  }
  if (!after.isActive && before.isActive) mustStandDown(before, actor)
  mustKeepOwner(before, after)
  await mustNotOutrank(tx, actor, after)
  await tx.operators.save(after)
  if (input.groups) await moveTo(tx, actor, { operator: after, groups: input.groups })
  await tx.record({ type: 'operator.updated', operatorId: after.id })
  return { operator: after, groupIds: (await tx.operators.groupIds([after.id])).get(after.id) ?? [] }
}

/** Nobody takes from the owner what makes it the owner. */
function mustKeepOwner(before: Operator, after: Operator): void {
  if (before.role !== 'owner' || (after.role === 'owner' && after.scope === null)) return
  refuse('forbidden', { what: 'operator', reason: 'The owner stays the owner, and sees everything.' })
}

async function moveTo(
  tx: Transaction,
  actor: Actor,
  { operator, groups }: { operator: Operator; groups: Ref[] },
): Promise<void> {
  const now = new Set((await tx.operators.groupIds([operator.id])).get(operator.id))
  const wanted = new Set<string>()
  for (const ref of groups)
    wanted.add(((await tx.groups.find(ref)) ?? refuse('not_found', { what: 'group', field: 'groupIds' })).id)
  const joined = [...wanted].filter((id) => !now.has(id))
  const left = [...now].filter((id) => !wanted.has(id))
  allowGroups(actor, [...joined, ...left])
  for (const groupId of joined) await tx.operators.joinGroup(operator.id, groupId)
  for (const groupId of left) await tx.operators.leaveGroup(operator.id, groupId)
}
