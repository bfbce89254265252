import type { Actor } from '../../domain/actor.ts'
import { refuse } from '../../domain/errors.ts'
import type { Operator } from '../../domain/operator.ts'
import { allow } from '../../domain/permissions.ts'
import type { Ref } from '../../domain/ref.ts'
import type { Keyset, Reader } from '../ports/reader.ts'

/** An operator with the groups it is in. */
export interface OperatorView {
  operator: Operator
  groupIds: string[]
}

/** A page by number. */
export async function pageOperators(reader: Reader, actor: Actor, keyset: Keyset): Promise<OperatorView[]> {
  allow(actor, 'operator.read')
  const operators = await reader.operators.page(keyset)
  const groups = await reader.operators.groupIds(operators.map(({ id }) => id))
  return operators.map((operator) => ({ operator, groupIds: groups.get(operator.id) ?? [] }))
}

/** Refuses `not_found`. */
export async function viewOperator(
  reader: Reader,
  actor: Actor,
  input: { operator: Ref },
): Promise<OperatorView> {
  allow(actor, 'operator.read')
  const operator = (await reader.operators.find(input.operator)) ?? refuse('not_found', { what: 'operator' })
  const groups = await reader.operators.groupIds([operator.id])
  return { operator, groupIds: groups.get(operator.id) ?? [] }
}
