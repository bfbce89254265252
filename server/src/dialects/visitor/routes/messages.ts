import type { FastifyInstance } from 'fastify'
import type { Door } from '../../../application/ports/door.ts'
import { readPage } from '../../../application/visitors/read-visit.ts'
import { writeAsVisitor } from '../../../application/visitors/write-as-visitor.ts'
import { refuse } from '../../../domain/errors.ts'
import { acceptFile, acceptList, acceptText } from '../accept.ts'
import { actorOf } from '../auth.ts'
import { isForm } from '../../../platform/upload-form.ts'
import { openForm } from '../form.ts'
import { presentMessage, presentPage } from '../present.ts'
import { MessageBody } from '../schema/objects.ts'
import * as wire from '../schema/requests.ts'
import { MessagePage, problems } from '../schema/responses.ts'

const TAG = { tags: ['Messages'] }
const VISITOR = { policy: { visitor: true } } as const

const listed = {
  ...TAG,
  summary: 'List messages',
  description: 'Oldest first: the last ones, the last ones before a place, or the next ones after one.',
  querystring: wire.ListMessages,
  response: { 200: MessagePage, ...problems },
}
const sent = {
  ...TAG,
  summary: 'Send a message',
  description: '201 for a new message, 200 when its `id` came before; 409 when it came with something else.',
  body: wire.WriteMessage,
  response: { 200: MessageBody, 201: MessageBody, ...problems },
}
const filed = {
  ...TAG,
  summary: 'Send a file',
  description: 'Parts: `id`, `text` (the caption, if any) and `file`. Answered as a message is.',
  consumes: ['multipart/form-data'],
  response: { 200: MessageBody, 201: MessageBody, ...problems },
}

export function messageRoutes(scope: FastifyInstance, { house, publicOrigin }: Door): void {
  scope.get<{ Querystring: wire.ListMessages }>(
    '/messages',
    { schema: listed, config: VISITOR },
    async (request) =>
      presentPage(await house.ask(readPage, actorOf(request), acceptList(request.query)), publicOrigin()),
  )
  scope.post<{ Body: wire.WriteMessage }>(
    '/messages',
    { schema: sent, config: VISITOR },
    async (request, reply) => {
      const written = await house.perform(writeAsVisitor, actorOf(request), acceptText(request.body))
      return reply.code(written.isRepeat ? 200 : 201).send(presentMessage(written, publicOrigin()))
    },
  )
}

/** In a scope of its own: nothing else takes a form. */
export function fileRoutes(scope: FastifyInstance, { house, files, publicOrigin }: Door): void {
  scope.addContentTypeParser(/^multipart\/form-data/, (_request, _payload, done) => done(null))
  scope.post('/files', { schema: filed, config: VISITOR }, async (request, reply) => {
    if (!isForm(request))
      refuse('missing', { field: 'file', reason: 'A form with a part called file is needed.' })
    const form = await openForm(request)
    try {
      const { file } = form
      if (!file) return refuse('missing', { field: 'file', reason: 'A part called file is needed.' })
      const stored = await file.take((bytes) => files.receive(bytes, file.fileName))
      const input = acceptFile(form.fields, stored)
      const written = await house.perform(writeAsVisitor, actorOf(request), input)
      return await reply.code(written.isRepeat ? 200 : 201).send(presentMessage(written, publicOrigin()))
    } finally {
      form.discard()
    }
  })
}
