import type { Static } from 'typebox'
import { Type } from 'typebox'
import type { Actor } from '../../../domain/actor.ts'
import { nullable, publicIdOf, time, word } from './fields.ts'
import { PAGE } from './paging.ts'

const kinds: Actor['kind'][] = ['token', 'operator', 'channel', 'system']

export const AuditEntryBody = Type.Object({
  id: Type.String({ description: '`audit_…`' }),
  action: Type.String({ description: 'Such as `token.created`.' }),
  actor: Type.Object({
    kind: word<Actor['kind']>(kinds),
    id: nullable(Type.String()),
    operatorId: nullable(publicIdOf('op')),
    name: nullable(Type.String()),
  }),
  target: nullable(Type.Object({ kind: Type.String(), id: Type.String() })),
  address: nullable(Type.String({ description: 'The network address it came from.' })),
  facts: Type.Record(Type.String(), Type.Unknown()),
  createdAt: time,
})
export type AuditEntryBody = Static<typeof AuditEntryBody>

const FILTERS = {
  action: Type.Optional(
    Type.String({
      maxLength: 255,
      description: 'An action, or what it begins with: `token` finds `token.created`.',
    }),
  ),
  operatorId: Type.Optional(publicIdOf('op')),
  targetKind: Type.Optional(Type.String({ maxLength: 255, description: 'Such as `channel`.' })),
  targetId: Type.Optional(Type.String({ maxLength: 255, description: 'Together with `targetKind`.' })),
  from: Type.Optional(Type.String({ maxLength: 64, description: 'The first moment.' })),
  before: Type.Optional(Type.String({ maxLength: 64, description: 'The moment after the last one.' })),
}

export const AuditQuery = Type.Object({ ...PAGE, ...FILTERS }, { additionalProperties: false })
export type AuditQuery = Static<typeof AuditQuery>

export const AuditExportQuery = Type.Object(
  { format: word(['csv', 'jsonl']), ...FILTERS },
  { additionalProperties: false },
)
export type AuditExportQuery = Static<typeof AuditExportQuery>

const file = Type.String({ description: 'Newest first, all of it.' })
export const auditExport = {
  200: {
    description: 'The log as a file.',
    content: { 'text/csv': { schema: file }, 'application/jsonl': { schema: file } },
  },
}
