import type { FastifyInstance } from 'fastify'
import { listQueue } from '../../../application/conversations/read-conversations.ts'
import type { Door } from '../../../application/ports/door.ts'
import { needs } from '../../../application/ports/policy.ts'
import { acceptQueue } from '../accept.ts'
import { actorOf } from '../auth.ts'
import { paramsOf } from '../params.ts'
import { presentTakenRow, presentUnassignedRow, succeed } from '../present.ts'
import { answers } from '../schema/envelope.ts'
import { TAKEN, UNASSIGNED } from '../schema/requests.ts'
import { TakenRows, UnassignedRows } from '../schema/responses.ts'

const tags = ['Conversation']
const description = 'By date of change, newest first; at most 1000. Without a filter, of the whole account.'

export function queueRoutes(scope: FastifyInstance, door: Door): void {
  const unassigned = { summary: 'Get unassigned conversations', response: answers(UnassignedRows) }
  scope.get(
    '/unassigned',
    { schema: { ...unassigned, description, tags, ...UNASSIGNED }, config: needs('conversation.read') },
    async (request) => {
      const input = acceptQueue(paramsOf(request), 'unassigned')
      const rows = await door.house.ask(listQueue, actorOf(request), input)
      return succeed(rows.map(presentUnassignedRow))
    },
  )

  const unread = { summary: 'Get unread conversations', response: answers(TakenRows) }
  scope.get(
    '/unread',
    { schema: { ...unread, description, tags, ...TAKEN }, config: needs('conversation.read') },
    async (request) => {
      const input = acceptQueue(paramsOf(request), 'unread')
      const rows = await door.house.ask(listQueue, actorOf(request), input)
      return succeed(rows.map(presentTakenRow))
    },
  )

  const unanswered = { summary: 'Get not answered conversations', response: answers(TakenRows) }
  scope.get(
    '/not-answered',
    { schema: { ...unanswered, description, tags, ...TAKEN }, config: needs('conversation.read') },
    async (request) => {
      const input = acceptQueue(paramsOf(request), 'unanswered')
      const rows = await door.house.ask(listQueue, actorOf(request), input)
      return succeed(rows.map(presentTakenRow))
    },
  )
}
