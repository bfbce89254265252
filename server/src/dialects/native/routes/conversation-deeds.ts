import type { FastifyInstance } from 'fastify'
import type { TSchema } from 'typebox'
import { assignConversation } from '../../../application/conversations/assign-conversation.ts'
import { assignGroup } from '../../../application/conversations/assign-group.ts'
import { closeConversation } from '../../../application/conversations/close-conversation.ts'
import { markRead } from '../../../application/conversations/mark-read.ts'
import { reopenConversation } from '../../../application/conversations/reopen-conversation.ts'
import { startConversation } from '../../../application/conversations/start-conversation.ts'
import { transferConversation } from '../../../application/conversations/transfer-conversation.ts'
import { unassignConversation } from '../../../application/conversations/unassign-conversation.ts'
import { updateConversation } from '../../../application/conversations/update-conversation.ts'
import { tellTyping } from '../../../application/live/tell-typing.ts'
import { askForReview } from '../../../application/reviews/request-review.ts'
import type { Door } from '../../../application/ports/door.ts'
import type { Actor } from '../../../domain/actor.ts'
import type { Permission } from '../../../domain/permissions.ts'
import type { ConversationView as View } from '../../../domain/view.ts'
import { acceptAssign, acceptClose, acceptSnooze, acceptTransfer } from '../accept-conversations.ts'
import { actorOf } from '../auth.ts'
import { clientIdOf } from '../idempotency.ts'
import { refOf } from '../ids.ts'
import { presentConversation } from '../present-conversations.ts'
import * as wire from '../schema/conversations.ts'
import { Named, Nothing } from '../schema/values.ts'
import { nothing, problems } from '../schema/responses.ts'
import { TypingBody } from '../schema/socket.ts'

/** What a deed is done with: the conversation's id as given, the body, and the key of whatever it says. */
interface Done<Body> {
  actor: Actor
  id: string
  body: Body
  clientId: string | undefined
}

interface Deed {
  verb: string
  summary: string
  description?: string
  body: TSchema
  permission?: Permission
}

type AddDeed = <Body>(deed: Deed, act: (done: Done<Body>) => Promise<View>) => void

export function conversationDeeds(scope: FastifyInstance, door: Door): void {
  const { publicOrigin } = door
  /** A deed answers with the conversation as it is then. */
  function deed<Body>(
    { verb, body, permission, ...told }: Deed,
    act: (done: Done<Body>) => Promise<View>,
  ): void {
    const response = { 200: wire.ConversationView, ...problems }
    const schema = { tags: ['Conversations'], ...told, params: Named, body, response }
    const config = { policy: { permission: permission ?? 'conversation.write' } } as const
    scope.post<{ Params: { id: string } }>(
      `/conversations/:id/${verb}`,
      { schema, config },
      async (request) => {
        const { id } = request.params
        // Checked against the deed's schema.
        const body = request.body as Body
        const view = await act({ actor: actorOf(request), id, body, clientId: clientIdOf(request) })
        return presentConversation(view, publicOrigin())
      },
    )
  }

  deedsOfHolders(deed, door)
  deedsOfState(deed, door)
  typing(scope, door)
}

/** Nothing becomes of it: there is nothing to answer. */
function typing(scope: FastifyInstance, { house }: Door): void {
  const schema = {
    tags: ['Conversations'],
    summary: 'Say that one writes, or does not any more',
    description:
      'It is shown for six seconds to whoever looks on, the contact included, and is not kept. Say it again while it lasts.',
    params: Named,
    body: TypingBody,
    response: { 204: nothing, ...problems },
  }
  const config = { policy: { permission: 'message.write' } } as const
  scope.post<{ Params: { id: string }; Body: TypingBody }>(
    '/conversations/:id/typing',
    { schema, config },
    async (request, reply) => {
      const conversation = refOf('conversation', request.params.id)
      await house.perform(tellTyping, actorOf(request), { conversation, ...request.body })
      return reply.code(204).send(null)
    },
  )
}

/** Who has it. */
function deedsOfHolders(deed: AddDeed, { house }: Door): void {
  const assign = {
    verb: 'assign',
    summary: 'Give a conversation to an operator or a bot',
    body: wire.AssignBody,
  }
  deed<wire.AssignBody>(assign, ({ actor, body, ...asked }) =>
    house.act(assignConversation, actor, acceptAssign(asked, body)),
  )
  const unassign = { verb: 'unassign', summary: 'Take a conversation from whoever has it', body: Nothing }
  deed(unassign, ({ actor, id }) =>
    house.act(unassignConversation, actor, { conversation: refOf('conversation', id), manner: 'release' }),
  )
  const transfer = {
    verb: 'transfer',
    summary: 'Hand a conversation over, with what is to be known about it',
    description: 'Like assigning, and refused for a closed one.',
    body: wire.TransferBody,
  }
  deed<wire.TransferBody>(
    transfer,
    async ({ actor, body, ...asked }) =>
      (await house.act(transferConversation, actor, acceptTransfer(asked, body))).view,
  )
  const take = {
    verb: 'take',
    summary: 'Take a conversation into work',
    description: 'By the operator whose token it is. Of two at once one does; 409 for the other.',
    body: Nothing,
  }
  deed(take, ({ actor, id }) =>
    house.act(startConversation, actor, { conversation: refOf('conversation', id) }),
  )
}

/** Where it stands, and how it goes on. */
function deedsOfState(deed: AddDeed, { house }: Door): void {
  deed<wire.GroupBody>(
    { verb: 'group', summary: 'Move a conversation to a group', body: wire.GroupBody },
    ({ actor, id, body }) =>
      house.act(assignGroup, actor, {
        conversation: refOf('conversation', id),
        group: refOf('group', body.groupId),
      }),
  )
  deed<wire.SnoozeBody>(
    { verb: 'snooze', summary: 'Put a conversation off', body: wire.SnoozeBody },
    ({ actor, id, body }) => house.act(updateConversation, actor, acceptSnooze(id, body)),
  )
  const close = { verb: 'close', summary: 'Close a conversation', body: wire.CloseBody }
  deed<wire.CloseBody>(close, ({ actor, body, ...asked }) =>
    house.act(closeConversation, actor, acceptClose(asked, body)),
  )
  const reopen = { verb: 'reopen', summary: 'Open a conversation again', body: Nothing }
  deed(reopen, ({ actor, id }) =>
    house.act(reopenConversation, actor, { conversation: refOf('conversation', id) }),
  )
  const read = {
    verb: 'read',
    summary: 'Mark a conversation as read',
    description: 'It keeps its place in lists.',
    body: Nothing,
  }
  deed(read, ({ actor, id }) => house.act(markRead, actor, { conversation: refOf('conversation', id) }))
  const review = {
    verb: 'review',
    summary: 'Ask the contact for a rating',
    description: 'Each time anew, in the bot’s name. The request is the `lastMessage` then.',
    body: Nothing,
    permission: 'message.write' as const,
  }
  deed(review, ({ actor, id, clientId }) =>
    house.act(askForReview, actor, { conversation: refOf('conversation', id), clientId }),
  )
}
