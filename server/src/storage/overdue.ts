import { sql } from 'kysely'
import { transacting } from './availability.ts'
import type { Database } from './database.ts'
import { enqueueDispatch } from './job-queue.ts'

/** Younger than this, work is still on its ordinary way. */
const GRACE = sql.raw("interval '1 minute'")

/**
 * Enqueues again what a job should have done and did not, whatever took that job: a process killed in the middle leaves
 * its jobs locked for hours. Due messages that nobody holds, and conversations that slept past their time.
 */
export async function enqueueOverdue(db: Database): Promise<void> {
  await transacting(async () => {
    const { rows } = await sql<{ accountId: string; conversationId: string }>`
      select o.account_id, o.conversation_id from outbox o
       where o.created_at < now() - ${GRACE} and (o.retry_at is null or o.retry_at < now() - ${GRACE})
         and (o.leased_until is null or o.leased_until < now())
         and not exists (select from outbox x where x.account_id = o.account_id
           and x.conversation_id = o.conversation_id and x.seq < o.seq)
       limit 1000
    `.execute(db)
    await enqueueDispatch(db, rows)
    await sql`
      select graphile_worker.add_job('conversation.wake',
        payload := json_build_object('accountId', c.account_id, 'conversationId', c.id),
        job_key := 'wake:' || c.id, max_attempts := 25)
      from (select account_id, id from conversation
         where status = 'snoozed' and snoozed_until < now() - ${GRACE} limit 1000) c
    `.execute(db)
  })
}
