import { sql } from 'kysely'
import type { Outcome, Progress, WebhookBook } from '../application/ports/webhooks.ts'
import type { WebhookPause } from '../domain/webhook.ts'
import type { Queries } from './database.ts'
import { writeEvents, type LoggedEvent } from './event-log.ts'
import { recordset } from './recordset.ts'

interface BookParts {
  now: Date
  /** Hears of every event that is recorded. */
  told(event: LoggedEvent): void
}

export function createWebhookBook(db: Queries, parts: BookParts): WebhookBook {
  return {
    now: parts.now,
    record: async (outcomes, progress) => {
      for (const round of roundsOf(outcomes)) await write(db, round, parts.now)
      await move(db, progress, outcomes)
      await pause(db, parts, progress)
    },
  }
}

/** Two tries of one delivery, by hand and by schedule, cannot be written by one statement. */
function roundsOf(outcomes: Outcome[]): Outcome[][] {
  const rounds: Map<string, Outcome>[] = []
  for (const outcome of outcomes) {
    const round = rounds.find((taken) => !taken.has(outcome.id)) ?? new Map<string, Outcome>()
    if (round.size === 0) rounds.push(round)
    round.set(outcome.id, outcome)
  }
  return rounds.map((round) => [...round.values()])
}

const DELIVERY = {
  ...{ account_id: 'uuid', id: 'uuid', webhook_id: 'uuid', event_key: 'text', event: 'text' },
  ...{
    conversation_id: 'uuid',
    message_id: 'uuid',
    contact_id: 'uuid',
    body: 'text',
    occurred_at: 'timestamptz',
    status: 'text',
  },
  ...{ failures: 'integer', attempts: 'jsonb', due_at: 'timestamptz' },
}

/** Tries that are kept of one delivery. */
const MOST_ATTEMPTS = 20

/**
 * In id order, so that two batches cannot wait for each other. What was told of a conversation, a message or a contact that is gone is not
 * kept: it may have gone while it was told.
 */
async function write(db: Queries, outcomes: Outcome[], now: Date): Promise<void> {
  const rows = outcomes
    .toSorted((a, b) => (a.id < b.id ? -1 : 1))
    .map(({ attempt, ...outcome }) => ({ ...outcome, attempts: [attempt] }))
  await sql`
    insert into webhook_delivery as d (account_id, id, webhook_id, event_key, event, conversation_id, message_id, contact_id,
        body, occurred_at, status, attempt_count, failures, attempts, due_at, created_at, updated_at)
    select r.account_id, r.id, r.webhook_id, r.event_key, r.event, r.conversation_id, r.message_id, r.contact_id,
        r.body, r.occurred_at, r.status, 1, r.failures, r.attempts, r.due_at, ${now}, ${now}
      from ${recordset(rows, DELIVERY)}
     where (r.conversation_id is null
         or exists (select from conversation c where c.account_id = r.account_id and c.id = r.conversation_id))
       and (r.message_id is null
         or exists (select from message m where m.account_id = r.account_id and m.id = r.message_id))
       and (r.contact_id is null
         or exists (select from contact c where c.account_id = r.account_id and c.id = r.contact_id))
     order by r.ordinality
    on conflict (account_id, id) do update set status = excluded.status, attempt_count = d.attempt_count + 1,
        failures = excluded.failures, due_at = excluded.due_at, updated_at = excluded.updated_at,
        attempts = case when jsonb_array_length(d.attempts) < ${MOST_ATTEMPTS} then d.attempts else d.attempts - 0 end || excluded.attempts
  `.execute(db)
}

const PROGRESS = {
  ...{ account_id: 'uuid', id: 'uuid', transaction_id: 'bigint', event_id: 'bigint', is_standing: 'boolean' },
  ...{
    failing_since: 'timestamptz',
    succeeded: 'integer',
    failed: 'integer',
    attempts: 'integer',
    latency_ms: 'bigint',
  },
}

async function move(db: Queries, progress: Progress[], outcomes: Outcome[]): Promise<void> {
  if (progress.length === 0) return
  const byWebhook = Map.groupBy(outcomes, ({ webhookId }) => webhookId)
  const rows = progress
    .map(({ accountId, webhookId: id, place, standing }) => ({
      ...{ accountId, id, transactionId: place?.transactionId, eventId: place?.id },
      ...{ isStanding: standing !== undefined, failingSince: standing?.failingSince },
      ...sumsOf(byWebhook.get(id) ?? []),
    }))
    .toSorted((a, b) => (a.id < b.id ? -1 : 1))
  // A place that the webhook was moved beyond by hand stays behind it.
  const isFurther = sql`coalesce((r.transaction_id::text::xid8, r.event_id) > (w.after_transaction_id, w.after_id), false)`
  await sql`
    update webhook w set
        after_transaction_id = case when ${isFurther} then r.transaction_id::text::xid8 else w.after_transaction_id end,
        after_id = case when ${isFurther} then r.event_id else w.after_id end,
        failing_since = case when r.is_standing then r.failing_since else w.failing_since end,
        succeeded_count = w.succeeded_count + r.succeeded, failed_count = w.failed_count + r.failed,
        attempt_count = w.attempt_count + r.attempts, latency_ms = w.latency_ms + r.latency_ms
      from ${recordset(rows, PROGRESS)} where w.account_id = r.account_id and w.id = r.id
  `.execute(db)
}

function sumsOf(outcomes: Outcome[]) {
  const count = (status: Outcome['status']) => outcomes.filter((outcome) => outcome.status === status).length
  return {
    ...{ succeeded: count('succeeded'), failed: count('failed'), attempts: outcomes.length },
    latencyMs: outcomes.reduce((sum, { attempt }) => sum + attempt.latencyMs, 0),
  }
}

async function pause(db: Queries, parts: BookParts, progress: Progress[]): Promise<void> {
  const events: LoggedEvent[] = []
  for (const { accountId, webhookId, standing } of progress) {
    const reason = standing?.pause
    if (!reason || !(await pauseOne(db, { accountId, webhookId, reason }, parts.now))) continue
    events.push({ accountId, event: { type: 'webhook.paused', webhookId, reason }, isSilent: false })
  }
  events.forEach(parts.told)
  if (events.length > 0) await writeEvents(db, events, parts.now)
}

interface Paused {
  accountId: string
  webhookId: string
  reason: WebhookPause
}

/** False when it is not active any more. */
async function pauseOne(db: Queries, { accountId, webhookId, reason }: Paused, now: Date): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('webhook')
    .set({ isActive: false, pause: reason, updatedAt: now })
    .where('accountId', '=', accountId)
    .where('id', '=', webhookId)
    .where('isActive', '=', true)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}
