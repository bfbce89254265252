import { createConversation } from '../../../application/conversations/create-conversation.ts'
import { getConversation, pageConversations } from '../../../application/conversations/read-conversations.ts'
import { acceptNewConversation, acceptPage } from '../accept.ts'
import { refIn } from '../ids.ts'
import { presentConversation, presentPage } from '../present.ts'
import { CompanyPath, ConversationPath, NewConversation, PageQuery } from '../schema/requests.ts'
import { answers, ConversationAnswer, ConversationPage } from '../schema/responses.ts'
import { CONSUMES } from './mounting.ts'
import type { Mount, PactDoor } from './mounting.ts'

const tags = ['Conversations']

export function mountConversations(mount: Mount, { house, cursors, ...door }: PactDoor): void {
  mount('GET', {
    url: '/companies/:cid/conversations',
    needs: 'conversation.read',
    schema: {
      summary: 'Get all conversations',
      tags,
      params: CompanyPath,
      querystring: PageQuery,
      response: answers(ConversationPage),
    },
    handle: async ({ actor, params }) => {
      const list = `conversations:${actor.accountId}`
      const request = acceptPage(params, cursors, list)
      const views = await house.ask(pageConversations, actor, request.keyset)
      const placeOf = (view: (typeof views)[number]) => view.conversation.number
      const { shown, ...next } = presentPage(views, request, { cursors, list, placeOf })
      const conversations = shown.map((view) => presentConversation(view, door.publicOrigin()))
      return { status: 'ok', data: { conversations, ...next } }
    },
  })

  mount('POST', {
    url: '/companies/:cid/conversations',
    needs: 'conversation.write',
    schema: {
      summary: 'Create new conversation',
      description:
        'Finds the conversation with this phone or username, or creates it. With a text, the text is sent either way.',
      tags,
      consumes: CONSUMES,
      params: CompanyPath,
      body: NewConversation,
      response: answers(ConversationAnswer),
    },
    handle: async ({ actor, params }) => {
      const input = acceptNewConversation(params, door.isTextRequired)
      const { view } = await house.act(createConversation, actor, input)
      return { status: 'ok', data: { conversation: presentConversation(view, door.publicOrigin()) } }
    },
  })

  mount('GET', {
    url: '/companies/:cid/conversations/:id',
    needs: 'conversation.read',
    schema: {
      summary: 'Get conversation details',
      tags,
      params: ConversationPath,
      response: answers(ConversationAnswer),
    },
    handle: async ({ actor, path }) => {
      const view = await house.ask(getConversation, actor, {
        conversation: refIn(path['id'], 'conversation'),
      })
      return { status: 'ok', data: { conversation: presentConversation(view, door.publicOrigin()) } }
    },
  })
}
