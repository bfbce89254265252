import type { Account } from '../../domain/account.ts'
import type { Actor } from '../../domain/actor.ts'
import { refuse } from '../../domain/errors.ts'
import type { Group } from '../../domain/group.ts'
import type { Operator } from '../../domain/operator.ts'
import { allow } from '../../domain/permissions.ts'
import type { Ref } from '../../domain/ref.ts'
import type { Reader } from '../ports/reader.ts'

/** The account's operators, oldest first. */
export async function listOperators(
  reader: Reader,
  actor: Actor,
): Promise<{ account: Account; operators: Operator[] }> {
  allow(actor, 'operator.read')
  return { account: await reader.accounts.current(), operators: await reader.operators.list() }
}

/** The account's groups, by number. */
export async function listGroups(
  reader: Reader,
  actor: Actor,
): Promise<{ account: Account; groups: Group[] }> {
  allow(actor, 'operator.read')
  return { account: await reader.accounts.current(), groups: await reader.groups.list() }
}

/** Refuses `not_found`. */
export async function getOperator(reader: Reader, actor: Actor, input: { operator: Ref }): Promise<Operator> {
  allow(actor, 'operator.read')
  return (await reader.operators.find(input.operator)) ?? refuse('not_found', { what: 'operator' })
}
