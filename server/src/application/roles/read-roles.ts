import type { Actor } from '../../domain/actor.ts'
import { refuse } from '../../domain/errors.ts'
import { allow, PERMISSIONS, type Permission } from '../../domain/permissions.ts'
import type { Role } from '../../domain/role.ts'
import type { Reader } from '../ports/reader.ts'

/** Every permission there is, and whether the actor has it. */
export async function listPermissions(
  _reader: Reader,
  actor: Actor,
): Promise<{ name: Permission; isYours: boolean }[]> {
  allow(actor, 'operator.read')
  return PERMISSIONS.map((name) => ({ name, isYours: actor.permissions.has(name) }))
}

/** The account's own roles, by name. */
export async function listRoles(reader: Reader, actor: Actor): Promise<Role[]> {
  allow(actor, 'operator.read')
  return reader.roles.list()
}

/** One of the account's own. Refuses `not_found`. */
export async function getRole(reader: Reader, actor: Actor, input: { roleId: string }): Promise<Role> {
  allow(actor, 'operator.read')
  return (await reader.roles.find(input.roleId)) ?? refuse('not_found', { what: 'role' })
}
