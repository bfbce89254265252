import type { FastifyInstance } from 'fastify'
import { assignConversation } from '../../../application/conversations/assign-conversation.ts'
import { assignGroup } from '../../../application/conversations/assign-group.ts'
import { closeConversation } from '../../../application/conversations/close-conversation.ts'
import { getConversationWithMessages } from '../../../application/conversations/read-conversations.ts'
import { startConversation } from '../../../application/conversations/start-conversation.ts'
import { unassignConversation } from '../../../application/conversations/unassign-conversation.ts'
import type { Door } from '../../../application/ports/door.ts'
import { needs } from '../../../application/ports/policy.ts'
import {
  acceptAssignGroup,
  acceptAssignOperator,
  acceptClose,
  acceptGet,
  acceptStart,
  acceptUnassign,
} from '../accept.ts'
import { actorOf } from '../auth.ts'
import { paramsOf } from '../params.ts'
import { presentConversation, presentCorrespondence, succeed } from '../present.ts'
import { answers } from '../schema/envelope.ts'
import { ASSIGN_GROUP, ASSIGN_OPERATOR, GET_CONVERSATION, MOVE } from '../schema/requests.ts'
import { Conversation, Correspondence } from '../schema/responses.ts'

const tags = ['Conversation']
const response = answers(Conversation)

export function conversationRoutes(scope: FastifyInstance, door: Door): void {
  const start = { summary: 'Start conversation', description: 'An operator takes it into work.' }
  scope.post(
    '/start',
    { schema: { ...start, tags, ...MOVE, response }, config: needs('conversation.write') },
    async (request) => {
      const input = acceptStart(paramsOf(request))
      const view = await door.house.act(startConversation, actorOf(request), input)
      return succeed(presentConversation(view, door.publicOrigin()))
    },
  )

  const close = { summary: 'Close conversation', description: 'Operator and group stay.' }
  scope.post(
    '/close',
    { schema: { ...close, tags, ...MOVE, response }, config: needs('conversation.write') },
    async (request) => {
      const input = acceptClose(paramsOf(request))
      const view = await door.house.act(closeConversation, actorOf(request), input)
      return succeed(presentConversation(view, door.publicOrigin()))
    },
  )

  const unassign = { summary: 'Unassign conversation', description: 'Back to the unassigned ones.' }
  scope.post(
    '/unassign',
    { schema: { ...unassign, tags, ...MOVE, response }, config: needs('conversation.write') },
    async (request) => {
      const input = acceptUnassign(paramsOf(request))
      const view = await door.house.act(unassignConversation, actorOf(request), input)
      return succeed(presentConversation(view, door.publicOrigin()))
    },
  )

  const give = { summary: 'Assign operator', description: 'Opens a closed conversation.' }
  scope.post(
    '/assign-operator',
    { schema: { ...give, tags, ...ASSIGN_OPERATOR, response }, config: needs('conversation.write') },
    async (request) => {
      const input = acceptAssignOperator(paramsOf(request))
      const view = await door.house.act(assignConversation, actorOf(request), input)
      return succeed(presentConversation(view, door.publicOrigin()))
    },
  )

  const move = { summary: 'Assign group', description: 'Operator and status stay.' }
  scope.post(
    '/assign-group',
    { schema: { ...move, tags, ...ASSIGN_GROUP, response }, config: needs('conversation.write') },
    async (request) => {
      const input = acceptAssignGroup(paramsOf(request))
      const view = await door.house.act(assignGroup, actorOf(request), input)
      return succeed(presentConversation(view, door.publicOrigin()))
    },
  )

  const get = {
    schema: {
      summary: 'Get conversation by ID',
      description: 'With everything said in it, oldest first. Notes are left out.',
      tags,
      ...GET_CONVERSATION,
      response: answers(Correspondence),
    },
    config: needs('message.read'),
  }
  scope.get('/get', get, async (request) => {
    const input = acceptGet(paramsOf(request))
    const found = await door.house.ask(getConversationWithMessages, actorOf(request), input)
    return succeed(presentCorrespondence(found, door.publicOrigin()))
  })
}
