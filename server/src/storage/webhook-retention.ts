import { sql } from 'kysely'
import { transacting } from './availability.ts'
import type { Database } from './database.ts'

/** Deliveries looked at in one transaction: few enough to be in nobody's way. */
const PIECE = 1000

/**
 * Deletes what was told before the moment and is over, webhook by webhook, oldest first; and everything of webhooks that are gone, at
 * last these themselves.
 */
export async function forgetDeliveries(db: Database, before: Date): Promise<void> {
  const webhooks = await transacting(() =>
    db
      .selectFrom('webhook')
      .select(['accountId', 'id', 'removedAt'])
      .orderBy('accountId')
      .orderBy('id')
      .execute(),
  )
  for (const { accountId, id, removedAt } of webhooks) {
    const isGone = removedAt !== null
    const which = isGone ? sql`true` : sql`created_at < ${before} and status <> 'pending'`
    while ((await forgetPiece(db, { accountId, id }, which)) === PIECE) continue
    if (isGone)
      await transacting(() =>
        db.deleteFrom('webhook').where('accountId', '=', accountId).where('id', '=', id).execute(),
      )
  }
}

async function forgetPiece(
  db: Database,
  { accountId, id }: { accountId: string; id: string },
  which: ReturnType<typeof sql>,
): Promise<number> {
  const { numAffectedRows = 0n } = await transacting(() =>
    sql`
      delete from webhook_delivery where account_id = ${accountId} and number in (
        select number from (
          select number, status, created_at from webhook_delivery
           where account_id = ${accountId} and webhook_id = ${id} order by number limit ${PIECE}) oldest
         where ${which})
    `.execute(db),
  )
  return Number(numAffectedRows)
}
