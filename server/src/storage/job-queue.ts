import { sql } from 'kysely'
import type { Queries } from './database.ts'

/** At most one waking per conversation is waited for; enqueued in the caller's transaction. */
export async function enqueueWake(
  db: Queries,
  conversation: { accountId: string; conversationId: string },
  delayMs: number,
): Promise<void> {
  await sql`
    select graphile_worker.add_job('conversation.wake', payload := ${JSON.stringify(conversation)}::json,
      job_key := ${`wake:${conversation.conversationId}`}, max_attempts := 25,
      run_at := now() + ${delayMs} * interval '1 millisecond')
  `.execute(db)
}

/** One job per conversation, whatever the number of its messages; enqueued in the caller's transaction. */
export async function enqueueDispatch(
  db: Queries,
  conversations: { accountId: string; conversationId: string }[],
  delayMs: number,
): Promise<void> {
  if (conversations.length === 0) return
  const distinct = new Map(conversations.map((item) => [item.conversationId, item]))
  // One call for all of them: a call each cost more than everything else a batch does.
  await sql`
    select count(*) from graphile_worker.add_jobs(array(
      select row('message.dispatch', value::json, null, now() + ${delayMs} * interval '1 millisecond', 25::smallint,
        'dispatch:' || (value ->> 'conversationId'), null, null)::graphile_worker.job_spec
      from jsonb_array_elements(${JSON.stringify([...distinct.values()])}::jsonb)))
  `.execute(db)
}
