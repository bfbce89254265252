import type { FastifyInstance } from 'fastify'
import { assignConversation } from '../../../application/conversations/assign-conversation.ts'
import { closeConversation } from '../../../application/conversations/close-conversation.ts'
import { reopenConversation } from '../../../application/conversations/reopen-conversation.ts'
import { transferConversation } from '../../../application/conversations/transfer-conversation.ts'
import type { Door } from '../../../application/ports/door.ts'
import { needs } from '../../../application/ports/policy.ts'
import { acceptAssign, acceptClose, acceptReopen, acceptTransfer } from '../accept.ts'
import { actorOf } from '../auth.ts'
import { clientIdOf } from '../idempotency.ts'
import { presentAssigned, presentClosed, presentReopened, presentTransferred } from '../present.ts'
import * as requests from '../schema/requests.ts'
import * as responses from '../schema/responses.ts'
import { documented } from './documented.ts'

const TAG = 'Conversations'
type Named = { Params: { id: string } }

export function conversationDeeds(app: FastifyInstance, { house }: Door): void {
  const closed = documented(TAG, {
    summary: 'Close a conversation',
    params: requests.ConversationParams,
    body: requests.CloseConversationBody,
    response: { 200: responses.ConversationClosed },
  })
  app.post<Named>(
    '/conversations/:id/close',
    { schema: closed, config: needs('conversation.write') },
    async (request) => {
      const input = { ...acceptClose(request.params.id, request.body), clientId: clientIdOf(request) }
      return presentClosed(await house.act(closeConversation, actorOf(request), input))
    },
  )

  const reopened = documented(TAG, {
    summary: 'Reopen a conversation',
    params: requests.ConversationParams,
    response: { 200: responses.ConversationReopened },
  })
  app.post<Named>(
    '/conversations/:id/reopen',
    { schema: reopened, config: needs('conversation.write') },
    async (request) => {
      const conversation = acceptReopen(request.params.id, request.body)
      return presentReopened(await house.act(reopenConversation, actorOf(request), { conversation }))
    },
  )

  const assigned = documented(TAG, {
    summary: 'Assign a conversation to a user or a bot',
    params: requests.ConversationParams,
    body: requests.AssignConversationBody,
    response: { 200: responses.ConversationAssigned },
  })
  app.post<Named>(
    '/conversations/:id/assign',
    { schema: assigned, config: needs('conversation.write') },
    async (request) => {
      const input = { ...acceptAssign(request.params.id, request.body), clientId: clientIdOf(request) }
      return presentAssigned(await house.act(assignConversation, actorOf(request), input))
    },
  )

  const transferred = documented(TAG, {
    summary: 'Transfer a conversation to another assignee',
    params: requests.ConversationParams,
    body: requests.TransferConversationBody,
    response: { 200: responses.ConversationTransferred },
  })
  const config = { ...needs('conversation.write'), linktorFields: { assignee: 'toAssigneeId' } }
  app.post<Named>('/conversations/:id/transfer', { schema: transferred, config }, async (request) => {
    const input = { ...acceptTransfer(request.params.id, request.body), clientId: clientIdOf(request) }
    return presentTransferred(await house.act(transferConversation, actorOf(request), input), input)
  })
}
