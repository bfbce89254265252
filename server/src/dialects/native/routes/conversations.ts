import type { FastifyInstance } from 'fastify'
import { createConversation } from '../../../application/conversations/create-conversation.ts'
import {
  getConversation,
  listConversations,
  listParticipants,
  listTags,
  searchConversations,
} from '../../../application/conversations/read-conversations.ts'
import { updateConversation } from '../../../application/conversations/update-conversation.ts'
import type { Door } from '../../../application/ports/door.ts'
import { acceptCreate, acceptUpdate } from '../accept-conversations.ts'
import { acceptConversationList, acceptConversationSearch, acceptTagList, TAGS } from '../accept-lists.ts'
import { actorOf } from '../auth.ts'
import { clientIdOf } from '../idempotency.ts'
import { refOf } from '../ids.ts'
import { presentPage, writeListCursor } from '../list-cursor.ts'
import {
  presentConversation,
  presentConversationList,
  presentConversationsFound,
  presentParticipants,
} from '../present-conversations.ts'
import * as wire from '../schema/conversations.ts'
import { Named } from '../schema/values.ts'
import { problems } from '../schema/responses.ts'

const TAG = { tags: ['Conversations'] }
const READ = { policy: { permission: 'conversation.read' } } as const
const WRITE = { policy: { permission: 'conversation.write' } } as const
type Id = { Params: { id: string } }

const listed = {
  ...TAG,
  summary: 'List conversations',
  description:
    'The latest changed first; one that changes between two pages comes to the front, and may come again or be met no more. With `search` ' +
    'the list is that of what was found, in the same order, and ends after 10,000: its cursors count what was shown.',
  querystring: wire.ListConversationsQuery,
  response: { 200: wire.ConversationList, ...problems },
}
const created = {
  ...TAG,
  summary: 'Begin a conversation',
  description:
    'With a contact on a channel there is one conversation, for ever: 201 when it is new, 200 when it was there. A closed one is opened ' +
    'again; an active one stays with whoever has it, and with its tags and metadata. `message` is said in either.',
  body: wire.CreateConversationBody,
  response: { 200: wire.ConversationView, 201: wire.ConversationView, ...problems },
}
const shown = {
  ...TAG,
  summary: 'Get a conversation',
  params: Named,
  response: { 200: wire.ConversationView, ...problems },
}
const updated = {
  ...TAG,
  summary: 'Change a conversation',
  description:
    'What is absent stays. Closing and opening by `status` have all effects of closing and opening.',
  params: Named,
  body: wire.UpdateConversationBody,
  response: { 200: wire.ConversationView, ...problems },
}
const participants = {
  ...TAG,
  summary: 'List who takes part',
  description:
    'The contact, and everybody of ours who had the conversation or wrote in it, in order of their first deed.',
  params: Named,
  response: { 200: wire.Participants, ...problems },
}
const tagged = {
  ...TAG,
  summary: 'List the tags in use',
  description:
    'In the order of their bytes, each once. They are the account’s vocabulary, whosever conversations have them.',
  querystring: wire.ListTagsQuery,
  response: { 200: wire.TagList, ...problems },
}

export function conversationRoutes(scope: FastifyInstance, { house, publicOrigin }: Door): void {
  scope.get<{ Querystring: wire.ListConversationsQuery }>(
    '/conversations',
    { schema: listed, config: READ },
    async (request) => {
      const actor = actorOf(request)
      const { accountId } = actor
      const origin = publicOrigin()
      if (request.query.search === undefined) {
        const listing = acceptConversationList(request.query, accountId)
        const views = await house.ask(listConversations, actor, listing)
        return presentConversationList(views, { accountId, limit: listing.limit, origin })
      }
      const search = acceptConversationSearch(request.query, accountId)
      const found = await house.ask(searchConversations, actor, search)
      return presentConversationsFound(found, { accountId, offset: search.offset, origin })
    },
  )
  scope.post<{ Body: wire.CreateConversationBody }>(
    '/conversations',
    { schema: created, config: WRITE },
    async (request, reply) => {
      const input = acceptCreate(request.body, clientIdOf(request))
      const { view, isNew } = await house.act(createConversation, actorOf(request), input)
      return reply.code(isNew ? 201 : 200).send(presentConversation(view, publicOrigin()))
    },
  )
  scope.get<Id>('/conversations/:id', { schema: shown, config: READ }, async (request) => {
    const conversation = refOf('conversation', request.params.id)
    const view = await house.ask(getConversation, actorOf(request), { conversation })
    return presentConversation(view, publicOrigin())
  })
  scope.patch<Id & { Body: wire.UpdateConversationBody }>(
    '/conversations/:id',
    { schema: updated, config: WRITE },
    async (request) => {
      const input = acceptUpdate(request.params.id, request.body)
      return presentConversation(await house.act(updateConversation, actorOf(request), input), publicOrigin())
    },
  )
  scope.get<Id>(
    '/conversations/:id/participants',
    { schema: participants, config: READ },
    async (request) => {
      const conversation = refOf('conversation', request.params.id)
      return presentParticipants(await house.ask(listParticipants, actorOf(request), { conversation }))
    },
  )
  scope.get<{ Querystring: wire.ListTagsQuery }>(
    '/tags',
    { schema: tagged, config: READ },
    async (request) => {
      const actor = actorOf(request)
      const { accountId } = actor
      const query = acceptTagList(request.query, accountId)
      return presentPage(await house.ask(listTags, actor, query), query.limit - 1, {
        item: (tag) => tag,
        cursor: (tag) => writeListCursor({ accountId, list: TAGS }, [tag]),
      })
    },
  )
}
