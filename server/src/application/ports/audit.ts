import type { AuditEntry } from '../../domain/audit.ts'

/** Newest first; every filter given must hold. */
export interface AuditQuery {
  /** A prefix of actions: `token` is `token.created` and its like. */
  action?: string
  operatorId?: string
  target?: { kind: string; id?: string }
  from?: Date
  /** Exclusive. */
  before?: Date
  /** Entries older than this one. */
  beforeId: number | null
  limit: number
}

export interface AuditReader {
  list(query: AuditQuery): Promise<AuditEntry[]>
}
