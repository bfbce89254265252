import { sql } from 'kysely'
import type { QueueQuery, QueueRow } from '../application/ports/reader.ts'
import type { Reach } from '../domain/permissions.ts'
import type { Ref } from '../domain/ref.ts'
import { and, reached, type Sql } from './conversation-filters.ts'
import type { Queries } from './database.ts'

/** The partial indexes of the three queues have these conditions word for word. */
export const QUEUES: Record<QueueQuery['queue'], Sql> = {
  unassigned: sql`c.status <> 'closed' and c.assignee_id is null`,
  unread: sql`c.status <> 'closed' and c.assignee_id is not null and c.unread_count > 0`,
  unanswered: sql`c.status <> 'closed' and c.assignee_id is not null and c.is_waiting`,
}

type Found = Omit<QueueRow, 'contact' | 'identity'> &
  QueueRow['contact'] & { identityNumber: number; nickname: string | null; externalId: string }

/**
 * The ids by the queue's index first, then the rows. Each looks its contact up by itself: joined as tables, a thousand of them
 * would be reason enough to read all contacts.
 */
export async function listQueue(
  db: Queries,
  accountId: string,
  query: QueueQuery & { reach: Reach },
): Promise<QueueRow[]> {
  const conditions = [sql`c.account_id = ${accountId}`, QUEUES[query.queue], ...reached(query.reach)]
  if (query.operator) conditions.push(sql`c.assignee_id = ${idOf('operator', accountId, query.operator)}`)
  if (query.group) conditions.push(sql`c.group_id = ${idOf('operator_group', accountId, query.group)}`)
  const { rows } = await sql<Found>`
    with queue as materialized (
      select c.id, c.updated_at from conversation c where ${and(conditions)}
       order by c.updated_at desc, c.id desc limit ${query.limit})
    select c.id, c.number, ch.kind, g.number as group_number, o.number as assignee_number, o.email as assignee_email,
        ct.name, ct.custom_name, i.number as identity_number, i.nickname, i.external_id,
        c.is_new, c.unread_count, c.unassigned_at, c.last_message_at
      from queue q
      cross join lateral (select * from conversation where account_id = ${accountId} and id = q.id limit 1) c
      cross join lateral (select name, custom_name from contact
        where account_id = ${accountId} and id = c.contact_id limit 1) ct
      cross join lateral (select number, nickname, external_id from contact_identity
        where account_id = ${accountId} and id = c.identity_id limit 1) i
      join channel ch on ch.account_id = ${accountId} and ch.id = c.channel_id
      left join operator o on o.account_id = ${accountId} and o.id = c.assignee_id
      left join operator_group g on g.account_id = ${accountId} and g.id = c.group_id
     order by q.updated_at desc, q.id desc
  `.execute(db)
  return rows.map(({ name, customName, identityNumber, nickname, externalId, ...row }) => ({
    ...row,
    contact: { name, customName },
    identity: { number: identityNumber, nickname, externalId },
  }))
}

function idOf(table: 'operator' | 'operator_group', accountId: string, ref: Ref): Sql {
  if ('id' in ref) return sql`${ref.id}::uuid`
  return sql`(select id from ${sql.table(table)} where account_id = ${accountId} and number = ${ref.number})`
}
