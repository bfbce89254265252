import type { FastifyInstance } from 'fastify'
import { readEvents } from '../../../application/events/read-events.ts'
import type { Door } from '../../../application/ports/door.ts'
import type { ResetReason } from '../../../domain/event-log.ts'
import { acceptReadEvents } from '../accept.ts'
import { actorOf } from '../auth.ts'
import { writeCursor } from '../cursor.ts'
import { answerWith } from '../errors.ts'
import { presentEvents } from '../events.ts'
import { EventList } from '../schema/events.ts'
import { ReadEventsQuery } from '../schema/requests.ts'
import { cursorReset, problems } from '../schema/responses.ts'

const read = {
  tags: ['Events'],
  summary: 'Read the account’s events, in order, each once',
  description:
    'The log of all that happens in the account. Pass the `cursor` of each answer as the next `after`: no event is skipped, whatever is ' +
    'written at the same time. With `wait` an empty answer is put off until there is an event. 410 with code `cursor_reset` says that ' +
    'there is a gap: events after the cursor are no longer kept, or the database was restored. Then either take a new cursor by ' +
    '`after=latest`, fetch anew what you keep, and go on from that cursor; or read all that is kept from the `cursor` of the 410.',
  querystring: ReadEventsQuery,
  response: { 200: EventList, ...problems, ...cursorReset },
}

const config = { policy: { permission: 'event.read' } } as const

const DETAILS: Record<ResetReason, string> = {
  expired: 'Events after this cursor are no longer kept.',
  restored: 'This cursor was read from another state of the database.',
}

export function eventRoutes(scope: FastifyInstance, { house }: Door): void {
  scope.get<{ Querystring: ReadEventsQuery }>(
    '/events',
    // Built here to the schema: thousands of alternatives need not be told apart again for each answer.
    { schema: read, config, serializerCompiler: () => (body) => JSON.stringify(body) },
    async (request, reply) => {
      const actor = actorOf(request)
      const wanted = acceptReadEvents(request.query, actor.accountId, request.signal)
      const found = await house.perform(readEvents, actor, wanted)
      if (found.kind === 'events') return presentEvents(actor.accountId, found)
      const { reason, position } = found
      const problem = {
        status: 410,
        title: 'The cursor cannot go on',
        detail: DETAILS[reason],
        code: 'cursor_reset',
      }
      return answerWith(reply, problem, { reason, cursor: writeCursor(actor.accountId, position) })
    },
  )
}
