import type { FastifyInstance } from 'fastify'
import { assignConversation } from '../../../application/conversations/assign-conversation.ts'
import { sendSignedFile, sendSignedMessage } from '../../../application/messages/send-signed.ts'
import type { Door } from '../../../application/ports/door.ts'
import { needs } from '../../../application/ports/policy.ts'
import { requestReview } from '../../../application/reviews/request-review.ts'
import { acceptAssignAgent, acceptFile, acceptReviewRequest, acceptText } from '../accept.ts'
import { actorOf } from '../auth.ts'
import { presentConversation, presentMessage, presentReviewMessage } from '../present.ts'
import * as requests from '../schema/requests.ts'
import { oneConversation, oneMessage } from '../schema/responses.ts'

const about = {
  tags: ['Conversation'],
  params: requests.conversationPath,
  consumes: ['application/json', 'application/x-www-form-urlencoded', 'multipart/form-data'],
}

const assignAgent = {
  ...about,
  summary: 'Assign Agent',
  description: 'Gives the conversation to an agent; a closed one is opened. Doing it again changes nothing.',
  body: requests.assignAgent,
  response: oneConversation,
}
const sendText = {
  ...about,
  summary: 'Send Text Message',
  description:
    'Writes in the name of the end user, or of an agent. The same `uuid` again writes nothing new.',
  body: requests.sendText,
  response: oneMessage,
}
const sendFile = {
  ...about,
  summary: 'Send File Message',
  description: 'Fetches a file, stores it here and sends it. The same `uuid` again sends nothing new.',
  body: requests.sendFile,
  response: oneMessage,
}
const askForReview = {
  ...about,
  summary: 'Request Review',
  description:
    'The bot asks the end user to rate the help of the assigned agent. Every call is a new review.',
  response: oneMessage,
}

export function conversationRoutes(scope: FastifyInstance, door: Door): void {
  const { house } = door

  scope.post(
    '/conversation/:id/assign-agent',
    { schema: assignAgent, config: needs('conversation.write') },
    async (request) => {
      const view = await house.act(assignConversation, actorOf(request), acceptAssignAgent(request))
      return { status: 200, data: presentConversation(door, view) }
    },
  )

  scope.post(
    '/conversation/:id/send-text-message',
    { schema: sendText, config: needs('message.write') },
    async (request) => {
      const sent = await house.perform(sendSignedMessage, actorOf(request), acceptText(request))
      return { status: 200, data: presentMessage(door, sent) }
    },
  )

  scope.post(
    '/conversation/:id/send-file-message',
    { schema: sendFile, config: needs('message.write') },
    async (request) => {
      const sent = await house.perform(sendSignedFile, actorOf(request), acceptFile(request))
      return { status: 200, data: presentMessage(door, sent) }
    },
  )

  scope.post(
    '/conversation/:id/request-review',
    { schema: askForReview, config: needs('message.write') },
    async (request) => {
      const requested = await house.act(requestReview, actorOf(request), acceptReviewRequest(request))
      return { status: 200, data: presentReviewMessage(door, requested) }
    },
  )
}
