import { Readable } from 'node:stream'
import type { FastifyInstance } from 'fastify'
import { exportAudit, listAudit } from '../../../application/audit/read-audit.ts'
import type { Door } from '../../../application/ports/door.ts'
import { acceptAuditFilter } from '../accept-audit.ts'
import { actorOf } from '../auth.ts'
import { acceptPaging, presentList } from '../paging.ts'
import { presentAuditEntry, writeAudit } from '../present-audit.ts'
import { AuditEntryBody, AuditExportQuery, auditExport, AuditQuery } from '../schema/audit.ts'
import { pageOf } from '../schema/paging.ts'
import { problems } from '../schema/responses.ts'

const tags = ['Audit log']
const reading = { policy: { permission: 'audit.read' } } as const
const MEDIA_TYPES = { csv: 'text/csv; charset=utf-8', jsonl: 'application/jsonl; charset=utf-8' }

export function auditRoutes(scope: FastifyInstance, { house }: Door): void {
  const list = {
    tags,
    summary: 'Who did what to what, from where, when; newest first',
    querystring: AuditQuery,
    response: { 200: pageOf(AuditEntryBody), ...problems },
  }
  scope.get<{ Querystring: AuditQuery }>('/audit', { schema: list, config: reading }, async (request) => {
    const actor = actorOf(request)
    const { limit, cursor, ...filters } = request.query
    const paging = acceptPaging({ list: 'audit', accountId: actor.accountId }, { limit, cursor })
    const asked = { ...acceptAuditFilter(filters), beforeId: paging.after, limit: paging.limit + 1 }
    const entries = await house.ask(listAudit, actor, asked)
    return presentList(entries, paging, { nameOf: ({ id }) => id, present: presentAuditEntry })
  })

  const all = {
    tags,
    summary: 'The audit log as a file',
    description:
      'CSV for spreadsheets (a cell that one would take for a formula begins with an apostrophe), or one JSON object a line. That it ' +
      'was taken is itself in the log.',
    querystring: AuditExportQuery,
    response: { ...auditExport, ...problems },
  }
  scope.get<{ Querystring: AuditExportQuery }>(
    '/audit/export',
    { schema: all, config: reading },
    async (request, reply) => {
      const { format, ...filters } = request.query
      const filter = acceptAuditFilter(filters)
      const pages = await house.perform(exportAudit, actorOf(request), { format, filter })
      return reply
        .type(MEDIA_TYPES[format])
        .header('content-disposition', `attachment; filename="audit.${format}"`)
        .send(Readable.from(writeAudit(pages, format)))
    },
  )
}
