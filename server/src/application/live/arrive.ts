import { allow, isWithin } from '../../domain/permissions.ts'
import type { Operator } from '../../domain/operator.ts'
import type { Query } from '../ports/house.ts'
import type { Present } from '../ports/live.ts'
import type { Counters } from '../ports/live-reader.ts'

/** What somebody is told who has just come. */
export interface Arrived {
  operator: Operator | null
  present: Present[]
  counters: Counters
}

/** Who comes, who is there already, and how much there is to do; each as far as the actor may know. */
export const arrive: Query<Present[], Arrived> = async (reader, actor, present) => {
  allow(actor, 'conversation.read')
  const { operatorId, permissions, reach } = actor
  const holdings = await reader.live.holdings(present.flatMap(({ viewing }) => viewing))
  const isBefore = (id: string) => {
    const holding = holdings.get(id)
    return holding !== undefined && isWithin(reach, holding)
  }
  return {
    operator: operatorId === null ? null : await reader.operators.find({ id: operatorId }),
    present: permissions.has('operator.read')
      ? present.map((one) => ({ ...one, viewing: one.viewing.filter(isBefore) }))
      : [],
    counters: await reader.live.counters(operatorId),
  }
}
