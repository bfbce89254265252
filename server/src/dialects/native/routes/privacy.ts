import { Readable } from 'node:stream'
import type { FastifyInstance } from 'fastify'
import { deleteContact } from '../../../application/contacts/delete-contact.ts'
import { exportContact } from '../../../application/contacts/export-contact.ts'
import type { Door } from '../../../application/ports/door.ts'
import { previewRetention, setRetention } from '../../../application/retention/set-retention.ts'
import { actorOf } from '../auth.ts'
import { publicId, refOf } from '../ids.ts'
import { writeExport } from '../present-export.ts'
import { iso } from '../present-messages.ts'
import { Named, Nothing } from '../schema/values.ts'
import * as wire from '../schema/privacy.ts'
import { nothing, problems } from '../schema/responses.ts'

const TAG = { tags: ['Privacy'] }
type Id = { Params: { id: string } }

const exported = {
  ...TAG,
  summary: 'Export everything held about a contact',
  description:
    'One JSON document, written while it is read; files are named by their URLs. It is in the audit log that somebody asked. Only for ' +
    'those who see all conversations.',
  params: Named,
  response: { 200: wire.ContactExport, ...problems },
}
const deleted = {
  ...TAG,
  summary: 'Delete a contact with everything held about it',
  description:
    'Conversations, messages, files, reviews, notes, what the event log says of them, and all answers kept for `Idempotency-Key`s of the ' +
    'account. It cannot be undone; asked again it is 404. The bytes of files go a moment later, of those that came in the last quarter ' +
    'of an hour after that time. The event `contact.deleted` says which conversations are gone. Only for those who see all conversations.',
  params: Named,
  body: Nothing,
  response: { 204: nothing, ...problems },
}
const previewed = {
  ...TAG,
  summary: 'What a channel would lose by keeping its messages for a time',
  description: 'For those who may say it. `days` is what the channel has, unless given. Nothing is changed.',
  params: Named,
  querystring: wire.PreviewRetentionQuery,
  response: { 200: wire.RetentionPreview, ...problems },
}
const retained = {
  ...TAG,
  summary: 'Say how long a channel keeps its messages',
  description:
    'Every hour what is older is deleted, notes and files too, and closed conversations in which nothing is left. What remains keeps its ' +
    '`seq`. Contacts stay. Null keeps everything.',
  params: Named,
  body: wire.SetRetentionBody,
  response: { 200: wire.Retention, ...problems },
}

export function privacyRoutes(scope: FastifyInstance, { house, publicOrigin }: Door): void {
  scope.get<Id>(
    '/contacts/:id/export',
    { schema: exported, config: { policy: { permission: 'contact.export' } } },
    async (request, reply) => {
      const contact = refOf('contact', request.params.id)
      const parts = await house.perform(exportContact, actorOf(request), { contact })
      const name = `contact-${request.params.id.replace(/[^\w-]/g, '')}.json`
      reply.type('application/json; charset=utf-8').header('cache-control', 'no-store')
      reply.header('content-disposition', `attachment; filename="${name}"`)
      return reply.send(Readable.from(writeExport(parts, publicOrigin()), { objectMode: false }))
    },
  )
  scope.delete<Id>(
    '/contacts/:id',
    { schema: deleted, config: { policy: { permission: 'contact.delete' } } },
    async (request, reply) => {
      await house.act(deleteContact, actorOf(request), { contact: refOf('contact', request.params.id) })
      return reply.code(204).send()
    },
  )
  scope.get<Id & { Querystring: wire.PreviewRetentionQuery }>(
    '/channels/:id/retention',
    { schema: previewed, config: { policy: { permission: 'channel.write' } } },
    async (request) => {
      const input = { channel: refOf('channel', request.params.id), days: request.query.days }
      const { channel, days, before, expiry } = await house.ask(previewRetention, actorOf(request), input)
      const { oldestAt, ...counts } = expiry
      return {
        channelId: publicId('channel', channel.id),
        days,
        before: iso(before),
        ...counts,
        oldestAt: iso(oldestAt),
      }
    },
  )
  scope.put<Id & { Body: wire.SetRetentionBody }>(
    '/channels/:id/retention',
    { schema: retained, config: { policy: { permission: 'channel.write' } } },
    async (request) => {
      const input = { channel: refOf('channel', request.params.id), days: request.body.days }
      const channel = await house.act(setRetention, actorOf(request), input)
      return { channelId: publicId('channel', channel.id), days: channel.retentionDays }
    },
  )
}
