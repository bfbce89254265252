import type { FastifyInstance } from 'fastify'
import { sendFile } from '../../../application/messages/send-file.ts'
import { sendMessage } from '../../../application/messages/send-message.ts'
import type { Door } from '../../../application/ports/door.ts'
import { needs } from '../../../application/ports/policy.ts'
import { acceptFile, acceptText } from '../accept.ts'
import { actorOf } from '../auth.ts'
import { paramsOf } from '../params.ts'
import { succeed } from '../present.ts'
import { presentMessage } from '../present-message.ts'
import { answers } from '../schema/envelope.ts'
import { SEND_FILE, SEND_TEXT } from '../schema/requests.ts'
import { Message } from '../schema/responses.ts'

const tags = ['Conversation']
const response = answers(Message)

export function messageRoutes(scope: FastifyInstance, door: Door): void {
  const text = { summary: 'Send message', description: 'Allowed in every status; changes none.' }
  scope.post(
    '/send-message',
    { schema: { ...text, tags, ...SEND_TEXT, response }, config: needs('message.write') },
    async (request) => {
      const input = acceptText(paramsOf(request), 'text')
      const sent = await door.house.perform(sendMessage, actorOf(request), input)
      return succeed(presentMessage(sent, door.publicOrigin()))
    },
  )

  const file = { summary: 'Send file message', description: 'The file is fetched and hosted here.' }
  scope.post(
    '/send-file-message',
    { schema: { ...file, tags, ...SEND_FILE, response }, config: needs('message.write') },
    async (request) => {
      const input = acceptFile(paramsOf(request))
      const sent = await door.house.perform(sendFile, actorOf(request), input)
      return succeed(presentMessage(sent, door.publicOrigin()))
    },
  )

  const note = { summary: 'Send note', description: 'Only operators see it.' }
  scope.post(
    '/send-note',
    { schema: { ...note, tags, ...SEND_TEXT, response }, config: needs('message.write') },
    async (request) => {
      const input = acceptText(paramsOf(request), 'note')
      const sent = await door.house.perform(sendMessage, actorOf(request), input)
      return succeed(presentMessage(sent, door.publicOrigin()))
    },
  )
}
