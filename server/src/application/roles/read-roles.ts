import type { Actor } from '../../domain/actor.ts'
import { refuse } from '../../domain/errors.ts'
import { allow } from '../../domain/permissions.ts'
import type { Role } from '../../domain/role.ts'
import type { Reader } from '../ports/reader.ts'

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
