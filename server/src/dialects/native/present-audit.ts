import type { AuditEntry } from '../../domain/audit.ts'
import { csvRow } from '../../platform/csv.ts'
import { publicId, publicIdOfKind } from './ids.ts'
import type { AuditEntryBody } from './schema/audit.ts'

export function presentAuditEntry(entry: AuditEntry): AuditEntryBody {
  const { action, actor, target, address, facts } = entry
  return {
    id: `audit_${entry.id}`,
    action,
    actor: {
      kind: actor.kind,
      id: actor.id && publicIdOfKind(actor.kind, actor.id),
      operatorId: actor.operatorId && publicId('operator', actor.operatorId),
      name: actor.name,
    },
    target: target && { kind: target.kind, id: publicIdOfKind(target.kind, target.id) },
    address,
    facts: Object.fromEntries(Object.entries(facts).map(([name, fact]) => [name, presentFact(name, fact)])),
    createdAt: entry.createdAt.toISOString(),
  }
}

/** `previousGroupId` and `groupIds` are about a group; what ends otherwise names nothing. */
function kindOf(name: string): string | undefined {
  const bare = name.replace(/Ids?$/, '')
  const words = bare.split(/(?=[A-Z])/)
  return bare === name ? undefined : words.at(-1)?.toLowerCase()
}

/** Facts are kept as the core calls them; ids go out as everywhere here. */
function presentFact(name: string, fact: unknown): unknown {
  const kind = kindOf(name)
  if (kind !== undefined && typeof fact === 'string') return publicIdOfKind(kind, fact)
  if (kind !== undefined && Array.isArray(fact)) return fact.map((id) => publicIdOfKind(kind, String(id)))
  if (typeof fact !== 'object' || fact === null || Array.isArray(fact)) return fact
  const { kind: who, id } = fact as Record<string, unknown>
  return typeof who === 'string' && typeof id === 'string' ? { ...fact, id: publicIdOfKind(who, id) } : fact
}

const HEADER = [
  ...['id', 'createdAt', 'action', 'actorKind', 'actorId', 'operatorId', 'actorName'],
  ...['targetKind', 'targetId', 'address', 'facts'],
]

function csvCells(entry: AuditEntryBody): (string | null)[] {
  const { id, createdAt, action, actor, target, address, facts } = entry
  return [
    ...[id, createdAt, action, actor.kind, actor.id, actor.operatorId, actor.name],
    ...[target?.kind ?? null, target?.id ?? null, address, JSON.stringify(facts)],
  ]
}

/** The export as it goes out, a page at a time. */
export async function* writeAudit(
  pages: AsyncIterable<AuditEntry[]>,
  format: 'csv' | 'jsonl',
): AsyncIterable<string> {
  if (format === 'csv') yield csvRow(HEADER)
  for await (const entries of pages) {
    const bodies = entries.map(presentAuditEntry)
    yield format === 'csv'
      ? bodies.map((body) => csvRow(csvCells(body))).join('')
      : bodies.map((body) => `${JSON.stringify(body)}\n`).join('')
  }
}
