import type { FastifyInstance } from 'fastify'
import { listMessages } from '../../../application/conversations/read-conversations.ts'
import { writeMessage } from '../../../application/messages/write-message.ts'
import type { Door } from '../../../application/ports/door.ts'
import { needs } from '../../../application/ports/policy.ts'
import { acceptMessage } from '../accept-message.ts'
import { acceptMessageList } from '../accept-query.ts'
import { actorOf } from '../auth.ts'
import { clientIdOf } from '../idempotency.ts'
import { presentMessages, presentSent } from '../present-messages.ts'
import { SendMessageBody } from '../schema/content.ts'
import * as queries from '../schema/queries.ts'
import * as requests from '../schema/requests.ts'
import * as responses from '../schema/responses.ts'
import { documented } from './documented.ts'

const TAG = 'Messages'
type Named = { Params: { id: string } }

export function messageRoutes(app: FastifyInstance, door: Door): void {
  const { house } = door
  const sent = documented(TAG, {
    summary: 'Send a message',
    body: SendMessageBody,
    response: { 201: responses.MessageSent },
  })
  app.post('/messages', { schema: sent, config: needs('message.write') }, async (request, reply) => {
    const input = { ...acceptMessage(request.body), clientId: clientIdOf(request) }
    const appended = await house.perform(writeMessage, actorOf(request), input)
    return reply.code(201).send(presentSent(appended, { origin: door.publicOrigin() }))
  })

  const listed = documented(TAG, {
    summary: 'List the messages of a conversation',
    params: requests.ConversationParams,
    querystring: queries.ListMessagesQuery,
    response: { 200: responses.MessageList },
  })
  app.get<Named>(
    '/conversations/:id/messages',
    { schema: listed, config: needs('message.read') },
    async (request) => {
      const { input, limit } = acceptMessageList(request.params.id, request.query)
      const { messages } = await house.ask(listMessages, actorOf(request), input)
      return presentMessages(messages, limit, { origin: door.publicOrigin() })
    },
  )
}
