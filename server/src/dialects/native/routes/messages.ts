import type { FastifyInstance } from 'fastify'
import { uploadAttachment } from '../../../application/attachments/upload-attachment.ts'
import { listMessages } from '../../../application/conversations/read-conversations.ts'
import { getMessage } from '../../../application/messages/get-message.ts'
import { sayMessage } from '../../../application/messages/say-message.ts'
import type { Door } from '../../../application/ports/door.ts'
import { acceptMessageList, acceptNote, acceptSend } from '../accept-messages.ts'
import { acceptUpload } from '../accept-upload.ts'
import { actorOf } from '../auth.ts'
import { isForm } from '../../../platform/upload-form.ts'
import { openForm } from '../form.ts'
import { clientIdOf } from '../idempotency.ts'
import { refOf } from '../ids.ts'
import { presentFile, presentMessageList, presentMessageView } from '../present-messages.ts'
import { Named } from '../schema/values.ts'
import * as wire from '../schema/messages.ts'
import { problems } from '../schema/responses.ts'
import { validateUnlessForm } from '../validate.ts'

const TAG = { tags: ['Messages'] }
const READ = { policy: { permission: 'message.read' } } as const
const WRITE = { policy: { permission: 'message.write' } } as const
type Id = { Params: { id: string } }

const listed = {
  ...TAG,
  summary: 'List the messages of a conversation',
  description: 'Notes and system lines too: operators see them. Oldest first, whichever way the list goes.',
  params: Named,
  querystring: wire.ListMessagesQuery,
  response: { 200: wire.MessageList, ...problems },
}
const shown = {
  ...TAG,
  summary: 'Get a message',
  params: Named,
  response: { 200: wire.MessageView, ...problems },
}
const sent = {
  ...TAG,
  summary: 'Send a message',
  description:
    'In the name of the operator whose token it is. 201 for a new message, 200 when its `clientId` came before in the conversation; ' +
    '409 when it came with something else.',
  params: Named,
  body: wire.SendMessageBody,
  response: { 200: wire.MessageView, 201: wire.MessageView, ...problems },
}
const noted = {
  ...TAG,
  summary: 'Leave a note',
  description: 'For operators; the contact does not see it. 200 when its `clientId` came before.',
  params: Named,
  body: wire.NoteBody,
  response: { 200: wire.MessageView, 201: wire.MessageView, ...problems },
}
const uploaded = {
  ...TAG,
  summary: 'Upload a file',
  description:
    'For one message of the conversation: pass its id as `file.id` when sending. A form’s file has no `Idempotency-Key`: what is in it ' +
    'would not be compared.',
  consumes: ['multipart/form-data', 'application/json'],
  params: Named,
  body: wire.UploadBody,
  response: { 201: wire.FileView, ...problems },
}

export function messageRoutes(scope: FastifyInstance, door: Door): void {
  const { house, publicOrigin } = door
  scope.get<Id & { Querystring: wire.ListMessagesQuery }>(
    '/conversations/:id/messages',
    { schema: listed, config: READ },
    async (request) => {
      const query = acceptMessageList(request.params.id, request.query)
      const { messages } = await house.ask(listMessages, actorOf(request), query)
      return presentMessageList(messages, query, publicOrigin())
    },
  )
  scope.get<Id>('/messages/:id', { schema: shown, config: READ }, async (request) => {
    const message = refOf('message', request.params.id)
    return presentMessageView(await house.ask(getMessage, actorOf(request), { message }), publicOrigin())
  })
  scope.post<Id & { Body: wire.SendMessageBody }>(
    '/conversations/:id/messages',
    { schema: sent, config: WRITE },
    async (request, reply) => {
      const input = acceptSend({ id: request.params.id, clientId: clientIdOf(request) }, request.body)
      const { message, isRepeat } = await house.perform(sayMessage, actorOf(request), input)
      return reply.code(isRepeat ? 200 : 201).send(presentMessageView(message, publicOrigin()))
    },
  )
  scope.post<Id & { Body: wire.NoteBody }>(
    '/conversations/:id/notes',
    { schema: noted, config: WRITE },
    async (request, reply) => {
      const input = acceptNote({ id: request.params.id, clientId: clientIdOf(request) }, request.body)
      const { message, isRepeat } = await house.perform(sayMessage, actorOf(request), input)
      return reply.code(isRepeat ? 200 : 201).send(presentMessageView(message, publicOrigin()))
    },
  )
  scope.register(async (inner) => uploadRoutes(inner, door))
}

/** In a scope of its own: nothing else takes a form. */
function uploadRoutes(scope: FastifyInstance, { house, files, publicOrigin }: Door): void {
  scope.addContentTypeParser(/^multipart\/form-data/, (_request, _payload, done) => done(null))
  scope.post<Id & { Body: wire.UploadBody | undefined }>(
    '/conversations/:id/files',
    { schema: uploaded, config: WRITE, validatorCompiler: validateUnlessForm },
    async (request, reply) => {
      const conversation = refOf('conversation', request.params.id)
      const form = isForm(request) ? await openForm(request) : null
      try {
        const file = acceptUpload(
          { body: request.body, form, isKeyed: clientIdOf(request) !== undefined },
          files,
        )
        const attachment = await house.perform(uploadAttachment, actorOf(request), { conversation, file })
        return await reply.code(201).send(presentFile(attachment, publicOrigin()))
      } finally {
        form?.discard()
      }
    },
  )
}
