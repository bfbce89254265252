import type { FastifyInstance } from 'fastify'
import type { Door } from '../../../application/ports/door.ts'
import { needs } from '../../../application/ports/policy.ts'
import { createConversation } from '../../../application/conversations/create-conversation.ts'
import {
  getConversation,
  getConversationWithMessages,
  listParticipants,
  searchConversations,
} from '../../../application/conversations/read-conversations.ts'
import { updateConversation } from '../../../application/conversations/update-conversation.ts'
import { acceptConversationList, acceptInclusion } from '../accept-query.ts'
import { acceptConversation, acceptCreate, acceptUpdate } from '../accept.ts'
import { actorOf } from '../auth.ts'
import {
  presentCreated,
  presentDetail,
  presentList,
  presentParticipants,
  presentUpdated,
} from '../present.ts'
import * as queries from '../schema/queries.ts'
import * as requests from '../schema/requests.ts'
import * as responses from '../schema/responses.ts'
import { documented } from './documented.ts'

const TAG = 'Conversations'
type Named = { Params: { id: string } }

export function conversationRoutes(app: FastifyInstance, door: Door): void {
  const { house } = door
  const listed = documented(TAG, {
    summary: 'List conversations',
    querystring: queries.ListConversationsQuery,
    response: { 200: responses.ConversationList },
  })
  app.get('/conversations', { schema: listed, config: needs('conversation.read') }, async (request) => {
    const { search, page } = acceptConversationList(request.query)
    const found = await house.ask(searchConversations, actorOf(request), search)
    return presentList(found, page, { origin: door.publicOrigin() })
  })

  const created = documented(TAG, {
    summary: 'Create a conversation',
    body: requests.CreateConversationBody,
    response: { 201: responses.ConversationCreated },
  })
  app.post(
    '/conversations',
    { schema: created, config: needs('conversation.write') },
    async (request, reply) => {
      const { view } = await house.act(createConversation, actorOf(request), acceptCreate(request.body))
      return reply.code(201).send(presentCreated(view))
    },
  )

  const shown = documented(TAG, {
    summary: 'Get a conversation',
    params: requests.ConversationParams,
    querystring: queries.GetConversationQuery,
    response: { 200: responses.ConversationDetail },
  })
  app.get<Named>(
    '/conversations/:id',
    { schema: shown, config: needs('conversation.read') },
    async (request) => {
      const last = acceptInclusion(request.query)
      const conversation = acceptConversation(request.params.id)
      const actor = actorOf(request)
      const origin = door.publicOrigin()
      if (last === null)
        return presentDetail(await house.ask(getConversation, actor, { conversation }), null, { origin })
      const { view, messages } = await house.ask(getConversationWithMessages, actor, { conversation, last })
      return presentDetail(view, messages, { origin })
    },
  )

  const updated = documented(TAG, {
    summary: 'Update a conversation',
    params: requests.ConversationParams,
    body: requests.UpdateConversationBody,
    response: { 200: responses.ConversationUpdated },
  })
  app.route<Named>({
    method: ['PATCH', 'PUT'],
    url: '/conversations/:id',
    schema: updated,
    config: needs('conversation.write'),
    handler: async (request) => {
      const input = acceptUpdate(request.params.id, request.body)
      return presentUpdated(await house.act(updateConversation, actorOf(request), input))
    },
  })

  const participants = documented(TAG, {
    summary: 'List the participants of a conversation',
    params: requests.ConversationParams,
    response: { 200: responses.Participants },
  })
  app.get<Named>(
    '/conversations/:id/participants',
    { schema: participants, config: needs('conversation.read') },
    async (request) => {
      const conversation = acceptConversation(request.params.id)
      return presentParticipants(await house.ask(listParticipants, actorOf(request), { conversation }))
    },
  )
}
