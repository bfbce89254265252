import type { EventPosition, RecordedEvent, ResetReason } from '../../domain/event-log.ts'
import { BEGINNING, oldestPosition, positionOf, whyReset } from '../../domain/event-log.ts'
import { allow, allowEverywhere } from '../../domain/permissions.ts'
import type { Procedure, Query } from '../ports/house.ts'
import type { Patience } from '../ports/live-feed.ts'

/** `oldest` begins with the oldest event kept; `latest` is told only what comes from now on. */
export interface ReadEvents extends Patience {
  after: EventPosition | 'oldest' | 'latest'
  limit: number
}

/** Events and where to go on, also when there are none; or why the reader must begin anew, and where. */
export type EventsRead =
  | { kind: 'events'; events: RecordedEvent[]; position: EventPosition; hasMore: boolean }
  | { kind: 'reset'; reason: ResetReason; position: EventPosition }

/** Reads the account's events in the log's order. With nothing there it waits, without holding anything, as long as it may. */
export const readEvents: Procedure<ReadEvents, EventsRead> = async (tools, actor, input) => {
  allow(actor, 'event.read')
  allowEverywhere(actor)
  const { after, limit } = input
  if (after === 'latest')
    return { kind: 'events', events: [], position: await tools.ask(findEnd, actor, null), hasMore: false }
  using watch = tools.liveFeed.watch(actor.accountId, input)
  for (;;) {
    const { read, isHeldBack } = await tools.ask(look, actor, { after, limit })
    if (read.kind === 'reset' || read.events.length > 0) return read
    if (!(await watch.next(isHeldBack))) return read
  }
}

const findEnd: Query<null, EventPosition> = (reader) => reader.events.end()

interface Look {
  after: EventPosition | 'oldest'
  limit: number
}

const look: Query<Look, { read: EventsRead; isHeldBack: boolean }> = async (
  reader,
  _actor,
  { after, limit },
) => {
  const seen = await reader.events.look(after === 'oldest' ? BEGINNING : after, limit + 1)
  const { isHeldBack, epoch } = seen
  const reason = after === 'oldest' ? null : whyReset(after, seen)
  if (reason) return { read: { kind: 'reset', reason, position: oldestPosition(seen) }, isHeldBack }
  const events = seen.events.slice(0, limit)
  const last = events.at(-1)
  const stayed = after === 'oldest' ? oldestPosition(seen) : after
  const position = last ? positionOf(epoch, last) : stayed
  return { read: { kind: 'events', events, position, hasMore: seen.events.length > limit }, isHeldBack }
}
