import type { Actor } from '../../domain/actor.ts'
import type { AuditEntry } from '../../domain/audit.ts'
import { allow } from '../../domain/permissions.ts'
import type { AuditQuery } from '../ports/audit.ts'
import type { Tools } from '../ports/house.ts'
import type { Reader } from '../ports/reader.ts'
import type { Transaction } from '../ports/transaction.ts'

/** What part of the log is asked for. */
export type AuditFilter = Omit<AuditQuery, 'beforeId' | 'limit'>

/** So many entries of an export are in memory at a time. */
const PAGE = 500

/** Newest first. */
export async function listAudit(reader: Reader, actor: Actor, query: AuditQuery): Promise<AuditEntry[]> {
  allow(actor, 'audit.read')
  return reader.audit.list(query)
}

/** All of it, newest first, page by page, as it is when the export begins. That it was taken is in the log from then on. */
export async function exportAudit(
  tools: Tools,
  actor: Actor,
  input: { format: string; filter: AuditFilter },
): Promise<AsyncIterable<AuditEntry[]>> {
  const newest = await tools.act(noteExport, actor, input)
  return pages(tools, actor, { filter: input.filter, newest })
}

/** Returns the entry that the export begins below. */
async function noteExport(
  tx: Transaction,
  actor: Actor,
  { format, filter }: { format: string; filter: AuditFilter },
): Promise<number> {
  allow(actor, 'audit.read')
  await tx.keepAudit({ action: 'audit.exported', target: null, facts: { format, by: Object.keys(filter) } })
  const [own] = await tx.audit.list({ action: 'audit.exported', beforeId: null, limit: 1 })
  return own?.id ?? 0
}

async function* pages(
  tools: Tools,
  actor: Actor,
  { filter, newest }: { filter: AuditFilter; newest: number },
): AsyncIterable<AuditEntry[]> {
  for (let beforeId = newest; ;) {
    const entries = await tools.ask(listAudit, actor, { ...filter, beforeId, limit: PAGE })
    const last = entries.at(-1)
    if (!last) return
    yield entries
    beforeId = last.id
  }
}
