import { sql } from 'kysely'
import { transacting } from './availability.ts'
import type { Database } from './database.ts'

/** Younger than this, work is still on its ordinary way. */
const GRACE = sql.raw("interval '1 minute'")

/**
 * Enqueues again what a job should have done and did not, whatever took that job: a process killed in the middle leaves
 * its jobs locked for hours. Due messages that nobody holds a lease on, and conversations that slept past their time.
 */
export async function enqueueOverdue(db: Database): Promise<void> {
  await transacting(async () => {
    await sql`
      select graphile_worker.add_job('message.dispatch',
        payload := json_build_object('accountId', o.account_id, 'conversationId', o.conversation_id),
        job_key := 'dispatch:' || o.conversation_id, max_attempts := 25)
      from (
        select distinct m.account_id, m.conversation_id from message m
         where m.status = 'pending' and m.created_at < now() - ${GRACE}
           and (m.retry_at is null or m.retry_at < now() - ${GRACE})
           and not exists (select from dispatch_lease l where l.account_id = m.account_id
             and l.conversation_id = m.conversation_id and l.until > now())
         limit 1000) o
    `.execute(db)
    await sql`
      select graphile_worker.add_job('conversation.wake',
        payload := json_build_object('accountId', c.account_id, 'conversationId', c.id),
        job_key := 'wake:' || c.id, max_attempts := 25)
      from (select account_id, id from conversation
         where status = 'snoozed' and snoozed_until < now() - ${GRACE} limit 1000) c
    `.execute(db)
  })
}
