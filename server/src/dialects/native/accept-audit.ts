import type { AuditFilter } from '../../application/audit/read-audit.ts'
import { refuse } from '../../domain/errors.ts'
import { acceptTime, given, requiredText } from './accept-fields.ts'
import { idOf } from './accept-people.ts'
import { uuidIn } from './ids.ts'
import type { AuditQuery } from './schema/audit.ts'

export function acceptAuditFilter(query: Omit<AuditQuery, 'limit' | 'cursor'>): AuditFilter {
  const { action, operatorId, targetKind, targetId, from, before } = query
  if (targetId !== undefined && targetKind === undefined)
    refuse('missing', { field: 'targetKind', reason: 'targetKind says what targetId is.' })
  return {
    ...given('action', action, (text) => requiredText(text, 'action')),
    ...given('operatorId', operatorId, (id) => idOf('operator', id)),
    ...given('target', targetKind, (kind) => ({
      kind: requiredText(kind, 'targetKind'),
      ...given('id', targetId, (id) => uuidIn(requiredText(id, 'targetId'))),
    })),
    ...given('from', from, (text) => acceptTime(text, 'from')),
    ...given('before', before, (text) => acceptTime(text, 'before')),
  }
}
