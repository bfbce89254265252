import { allow } from '../../domain/permissions.ts'
import type { Query } from '../ports/house.ts'
import type { Counters } from '../ports/live-reader.ts'

/** How much waits for the actor: for anybody before whom it is, and for its operator. */
export const countToDo: Query<null, Counters> = async (reader, actor) => {
  allow(actor, 'conversation.read')
  return reader.live.counters(actor.operatorId)
}
