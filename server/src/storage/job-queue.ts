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

/** Has what waits for a conversation to be woken or dispatched wait no longer: there is no such conversation any more. */
export async function dropJobs(db: Queries, conversationIds: string[]): Promise<void> {
  await sql`
    select count(graphile_worker.remove_job(kind || ':' || id))
      from unnest(${conversationIds}::text[]) as id cross join unnest(array['wake', 'dispatch']) as kind
  `.execute(db)
}

/** Files one job removes. */
const MOST_FILES = 500

/** Has the bytes removed, unless something names them, after the commit of the caller's transaction and that much later. */
export async function enqueueFileRemoval(db: Queries, digests: string[], delayMs = 0): Promise<void> {
  for (let from = 0; from < digests.length; from += MOST_FILES) {
    const payload = JSON.stringify({ digests: digests.slice(from, from + MOST_FILES) })
    await sql`
      select graphile_worker.add_job('file.remove', payload := ${payload}::json, max_attempts := 25,
        run_at := now() + ${delayMs} * interval '1 millisecond')
    `.execute(db)
  }
}

/** Conversations one job sees to: enough to make the job cheap, few enough to be spread over workers. */
const MOST_IN_A_JOB = 250

interface Key {
  accountId: string
  conversationId: string
}

/** Has waiting messages dispatched after the commit of the caller's transaction: a job for many conversations. */
export async function enqueueDispatch(db: Queries, conversations: Key[]): Promise<void> {
  const distinct = [...new Map(conversations.map((item) => [item.conversationId, payloadOf(item)])).values()]
  for (let from = 0; from < distinct.length; from += MOST_IN_A_JOB) {
    const payload = JSON.stringify({ conversations: distinct.slice(from, from + MOST_IN_A_JOB) })
    await sql`
      select graphile_worker.add_job('message.dispatch', payload := ${payload}::json, max_attempts := 25)
    `.execute(db)
  }
}

const payloadOf = ({ accountId, conversationId }: Key) => ({ accountId, conversationId })

/** Has one conversation's waiting messages looked at that much later; a newer wish replaces an older one. */
export async function enqueueDispatchLater(
  db: Queries,
  conversations: (Key & { delayMs: number })[],
): Promise<void> {
  if (conversations.length === 0) return
  const wishes = conversations.map((item) => ({ ...payloadOf(item), delayMs: item.delayMs }))
  await sql`
    select count(*) from graphile_worker.add_jobs(array(
      select row('message.dispatch', json_build_object('conversations', json_build_array(value - 'delayMs')), null,
        now() + (value ->> 'delayMs')::float8 * interval '1 millisecond', 25::smallint,
        'dispatch:' || (value ->> 'conversationId'), null, null)::graphile_worker.job_spec
      from jsonb_array_elements(${JSON.stringify(wishes)}::jsonb)))
  `.execute(db)
}
