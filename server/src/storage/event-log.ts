import { sql } from 'kysely'
import type { DomainEvent } from '../domain/events.ts'
import { EVENT } from './columns.ts'
import type { Queries } from './database.ts'
import { insertRows } from './recordset.ts'

/** An event with the account it belongs to. */
export interface LoggedEvent {
  accountId: string
  event: DomainEvent
  isSilent: boolean
}

/** Appends to the log; in the caller's transaction, so an event is there exactly when what it tells is. */
export async function writeEvents(db: Queries, events: LoggedEvent[], createdAt: Date): Promise<void> {
  const rows = events.map(({ accountId, event, isSilent }) => {
    const { type, ...data } = event
    const conversationId = 'conversationId' in event ? event.conversationId : null
    return { accountId, type, conversationId, data, isSilent, createdAt }
  })
  await insertRows(db, { table: 'event', columns: EVENT, returning: [] }, rows)
}

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
