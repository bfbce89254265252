import { sql } from 'kysely'
import { transacting } from './availability.ts'
import type { Database } from './database.ts'
import { ASSIGNMENTS } from './event-log.ts'

/** Events looked at in one transaction, and accounts found at once: small enough to be in nobody's way. */
const PIECE = 1000
const ACCOUNTS = 100

/**
 * Deletes what was written before the moment, account by account, from the log's beginning up to the first event that is
 * younger, and notes how far it came. Who had a conversation stays, but is no longer told.
 */
export async function expireEvents(db: Database, before: Date): Promise<void> {
  for (;;) {
    const accountIds = await findExpired(db, before)
    for (const accountId of accountIds) while ((await expirePiece(db, accountId, before)) === PIECE) continue
    if (accountIds.length < ACCOUNTS) return
  }
}

/** Accounts whose oldest event that is still told is too old. */
async function findExpired(db: Database, before: Date): Promise<string[]> {
  const { rows } = await transacting(() =>
    sql<{ id: string }>`
      select a.id from account a
        left join event_retention r on r.account_id = a.id
        cross join lateral (
          select created_at from event e
           where e.account_id = a.id and e.transaction_id < pg_snapshot_xmin(pg_current_snapshot())
             and (e.transaction_id, e.id) > (coalesce(r.through_transaction_id, '0'), coalesce(r.through_id, 0))
           order by e.transaction_id, e.id limit 1) oldest
       where oldest.created_at < ${before} limit ${ACCOUNTS}
    `.execute(db),
  )
  return rows.map(({ id }) => id)
}

/**
 * One statement: the note and the deletion are seen together or not at all. Only below what is in flight: beyond it something older
 * in the log's order may yet appear. A note never goes back, also when two of us are at it.
 */
async function expirePiece(db: Database, accountId: string, before: Date): Promise<number> {
  const { rows } = await transacting(() =>
    sql<{ expired: number }>`
      with piece as (
        select transaction_id, id, type, bool_and(created_at < ${before}) over (order by transaction_id, id) as is_expired
          from (
            select e.transaction_id, e.id, e.type, e.created_at
              from (values (1)) one
              left join event_retention r on r.account_id = ${accountId}
              join event e on e.account_id = ${accountId} and e.transaction_id < pg_snapshot_xmin(pg_current_snapshot())
                and (e.transaction_id, e.id) > (coalesce(r.through_transaction_id, '0'), coalesce(r.through_id, 0))
             order by e.transaction_id, e.id limit ${PIECE}) oldest),
      deleted as (
        delete from event e using piece p
         where e.account_id = ${accountId} and e.id = p.id and p.is_expired and p.type not in (${ASSIGNMENTS})),
      noted as (
        insert into event_retention as r (account_id, through_transaction_id, through_id)
        select ${accountId}::uuid, transaction_id, id from piece where is_expired
         order by transaction_id desc, id desc limit 1
        on conflict (account_id) do update
          set through_transaction_id = excluded.through_transaction_id, through_id = excluded.through_id
          where (r.through_transaction_id, r.through_id) < (excluded.through_transaction_id, excluded.through_id))
      select count(*) filter (where is_expired) as expired from piece
    `.execute(db),
  )
  return rows[0]?.expired ?? 0
}
