import type { Actor } from '../../domain/actor.ts'
import { refuse } from '../../domain/errors.ts'
import { allow, type Permission, type Scope } from '../../domain/permissions.ts'
import { allowPowers, MOST_ROLES, type Role } from '../../domain/role.ts'
import type { Transaction } from '../ports/transaction.ts'

export interface CreateRole {
  name: string
  permissions: Permission[]
  scope: Scope
}

/** Makes a role of the account's own, with nothing in it that the actor lacks. Refuses `conflict` for a name that is taken. */
export async function createRole(tx: Transaction, actor: Actor, input: CreateRole): Promise<Role> {
  allow(actor, 'role.write')
  allowPowers(actor, input)
  if ((await tx.roles.list()).length >= MOST_ROLES)
    refuse('conflict', { what: 'role', reason: `An account has at most ${MOST_ROLES} roles of its own.` })
  const role = await tx.roles.insert({
    ...input,
    permissions: [...new Set(input.permissions)],
    ...{ id: tx.ids.next(), accountId: actor.accountId, createdAt: tx.now, updatedAt: tx.now },
  })
  await tx.record({ type: 'role.created', roleId: role.id })
  return role
}

/** Absent stays. Whoever has the role can do what it says from the commit on. Refuses `forbidden` for powers beyond the actor's, before or after. */
export async function updateRole(
  tx: Transaction,
  actor: Actor,
  { roleId, ...given }: Partial<CreateRole> & { roleId: string },
): Promise<Role> {
  allow(actor, 'role.write')
  const before = (await tx.roles.lock(roleId)) ?? refuse('not_found', { what: 'role' })
  allowPowers(actor, before)
  if (Object.keys(given).length === 0) return before
  const permissions = [...new Set(given.permissions ?? before.permissions)]
  const after: Role = { ...before, ...given, permissions, updatedAt: tx.now }
  allowPowers(actor, after)
  await tx.roles.save(after)
  await tx.record({ type: 'role.updated', roleId })
  return after
}

/** Refuses `in_use` while operators have the role or open invitations promise it. */
export async function deleteRole(
  tx: Transaction,
  actor: Actor,
  { roleId }: { roleId: string },
): Promise<void> {
  allow(actor, 'role.write')
  const role = (await tx.roles.lock(roleId)) ?? refuse('not_found', { what: 'role' })
  allowPowers(actor, role)
  if (await tx.roles.isUsed(role.id))
    refuse('in_use', { what: 'role', reason: 'Operators have the role, or open invitations promise it.' })
  await tx.roles.remove(role.id)
  await tx.record({ type: 'role.deleted', roleId: role.id })
}
