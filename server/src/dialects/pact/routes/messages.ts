import { listMessages } from '../../../application/conversations/read-conversations.ts'
import { sendMessages } from '../../../application/messages/send-messages.ts'
import { acceptMessages, acceptPage } from '../accept.ts'
import { numberIn, refIn } from '../ids.ts'
import { presentLastJob, presentMessage, presentPage } from '../present.ts'
import { ConversationPath, NewMessage, PageQuery } from '../schema/requests.ts'
import { answers, JobAnswer, MessagePage } from '../schema/responses.ts'
import { CONSUMES } from './mounting.ts'
import type { Mount, PactDoor } from './mounting.ts'

const tags = ['Messages']
const URL = '/companies/:cid/conversations/:id/messages'

export function mountMessages(mount: Mount, { house, cursors, ...door }: PactDoor): void {
  mount('GET', {
    url: URL,
    needs: 'message.read',
    schema: {
      summary: 'Get conversation messages',
      description: 'By time. Messages of ours are there once a transport has accepted them.',
      tags,
      params: ConversationPath,
      querystring: PageQuery,
      response: answers(MessagePage),
    },
    handle: async ({ actor, path, params }) => {
      const number = numberIn(path['id'], 'conversation')
      const list = `messages:${actor.accountId}:${number}`
      const request = acceptPage(params, cursors, list)
      const { view, messages } = await house.ask(listMessages, actor, {
        conversation: { number },
        ...request.bounds,
        isAcceptedOnly: true,
      })
      const { shown, ...next } = presentPage(messages, request, { cursors, list, placeOf: (row) => row.seq })
      const presented = shown.map((message) => presentMessage(message, view.channel, door.publicOrigin()))
      return { status: 'ok', data: { messages: presented, ...next } }
    },
  })

  mount('POST', {
    // One example in the documents writes the singular.
    url: [URL, '/companies/:cid/conversations/:id/message'],
    needs: 'message.write',
    schema: {
      summary: 'Send message',
      description:
        'Answers the job that delivers it. Several files become several messages in order, all of them or none, and the job is the last one’s.',
      tags,
      consumes: CONSUMES,
      params: ConversationPath,
      body: NewMessage,
      response: answers(JobAnswer),
    },
    handle: async ({ actor, path, params }) => {
      const appends = acceptMessages(params, refIn(path['id'], 'conversation'))
      const sent = await house.perform(sendMessages, actor, appends)
      return { status: 'ok', data: presentLastJob(sent, actor.accountNumber) }
    },
  })
}
