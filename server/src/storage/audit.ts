import { sql } from 'kysely'
import type { AuditQuery, AuditReader } from '../application/ports/audit.ts'
import type { Actor } from '../domain/actor.ts'
import type { AuditEntry, NewAuditEntry } from '../domain/audit.ts'
import type { JsonObject } from '../domain/ref.ts'
import { and, type Sql } from './conversation-filters.ts'
import type { Queries } from './database.ts'

/** Adds to the log; in the caller's transaction, so a deed is there exactly when it was done. */
export async function writeAudit(
  db: Queries,
  actor: Pick<Actor, 'accountId' | 'kind' | 'id' | 'operatorId' | 'address'>,
  { entries, now }: { entries: NewAuditEntry[]; now: Date },
): Promise<void> {
  if (entries.length === 0) return
  const { accountId, kind: actorKind, id: actorId, operatorId, address } = actor
  await db
    .insertInto('auditEntry')
    .values(
      entries.map(({ action, target, facts }) => ({
        ...{ accountId, action, actorKind, actorId, operatorId, address, facts, createdAt: now },
        ...{ targetKind: target?.kind ?? null, targetId: target?.id ?? null },
      })),
    )
    .execute()
}

interface Row {
  id: number
  action: string
  actorKind: Actor['kind']
  actorId: string | null
  operatorId: string | null
  actorName: string | null
  targetKind: string | null
  targetId: string | null
  address: string | null
  facts: JsonObject
  createdAt: Date
}

export function createAuditReader(db: Queries, accountId: string): AuditReader {
  return {
    list: async (query) => {
      const { rows } = await sql<Row>`
        select e.*, coalesce(t.name, o.name) as actor_name from audit_entry e
          left join operator o on o.account_id = e.account_id and o.id = e.operator_id
          left join token t on e.actor_kind = 'token' and t.account_id = e.account_id and t.id = e.actor_id
         where ${and(conditionsOf(accountId, query))} order by e.id desc limit ${query.limit}
      `.execute(db)
      return rows.map(toEntry)
    },
  }
}

function conditionsOf(accountId: string, query: AuditQuery): Sql[] {
  const { action, operatorId, target, from, before, beforeId } = query
  const conditions = [sql`e.account_id = ${accountId}`]
  if (action !== undefined)
    conditions.push(sql`(e.action = ${action} or starts_with(e.action, ${`${action}.`}))`)
  if (operatorId !== undefined) conditions.push(sql`e.operator_id = ${operatorId}`)
  if (target) conditions.push(sql`e.target_kind = ${target.kind}`)
  if (target?.id !== undefined) conditions.push(sql`e.target_id = ${target.id}`)
  if (from) conditions.push(sql`e.created_at >= ${from}`)
  if (before) conditions.push(sql`e.created_at < ${before}`)
  if (beforeId !== null) conditions.push(sql`e.id < ${beforeId}`)
  return conditions
}

function toEntry(row: Row): AuditEntry {
  const { id, action, address, facts, createdAt, targetKind, targetId } = row
  return {
    ...{ id, action, address, facts, createdAt },
    actor: { kind: row.actorKind, id: row.actorId, operatorId: row.operatorId, name: row.actorName },
    target: targetKind !== null && targetId !== null ? { kind: targetKind, id: targetId } : null,
  }
}
