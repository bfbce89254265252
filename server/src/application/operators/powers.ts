import type { Actor } from '../../domain/actor.ts'
import { refuse } from '../../domain/errors.ts'
import type { Operator } from '../../domain/operator.ts'
import { allowPowers, powersOf, type Powers } from '../../domain/role.ts'
import type { Reader } from '../ports/reader.ts'

/** What an operator may do, its own role looked up. Refuses `not_found` for a role that is not there. */
export async function powersWithin(
  reader: Pick<Reader, 'roles'>,
  operator: Pick<Operator, 'role' | 'roleId' | 'scope'>,
): Promise<Powers> {
  const { role, roleId } = operator
  if (role !== 'custom') return powersOf(operator, null)
  const custom = roleId === null ? null : await reader.roles.find(roleId)
  return powersOf(operator, custom ?? refuse('not_found', { what: 'role' }))
}

/** Nobody touches an operator who can do more than they can. Refuses `forbidden`. */
export async function mustNotOutrank(
  reader: Pick<Reader, 'roles'>,
  actor: Actor,
  operator: Pick<Operator, 'role' | 'roleId' | 'scope'>,
): Promise<void> {
  allowPowers(actor, await powersWithin(reader, operator))
}
