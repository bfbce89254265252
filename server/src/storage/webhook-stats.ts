import { sql } from 'kysely'
import type { Delivery, WebhookStats } from '../domain/webhook.ts'
import type { Queries } from './database.ts'

interface StatsRow {
  id: string
  succeeded: number
  failed: number
  pending: number
  attempts: number
  latencyMs: number
  /** When the oldest event happened that is not told yet; null when there is none. */
  oldestAt: Date | null
  last: { id: string; event: string; status: Delivery['status']; updatedAt: string } | null
}

/** How webhooks have been doing: sums, and what is to be seen of it in the tables now. One that is not active lags behind nothing. */
export async function statsOf(
  db: Queries,
  accountId: string,
  { ids, now }: { ids: string[]; now: Date },
): Promise<Map<string, WebhookStats>> {
  if (ids.length === 0) return new Map()
  const { rows } = await sql<StatsRow>`
    select w.id, w.succeeded_count as succeeded, w.failed_count as failed, w.attempt_count as attempts, w.latency_ms,
           (select count(*) from webhook_delivery d
             where d.account_id = w.account_id and d.webhook_id = w.id and d.status = 'pending') as pending,
           (select e.created_at from event e
             where e.account_id = w.account_id and w.is_active and (e.transaction_id, e.id) > (w.after_transaction_id, w.after_id)
             order by e.transaction_id, e.id limit 1) as oldest_at,
           (select json_build_object('id', d.id, 'event', d.event, 'status', d.status, 'updatedAt', d.updated_at)
              from webhook_delivery d where d.account_id = w.account_id and d.webhook_id = w.id
             order by d.number desc limit 1) as last
      from webhook w where w.account_id = ${accountId} and w.id = any(${ids}::uuid[])
  `.execute(db)
  return new Map(rows.map((row) => [row.id, toStats(row, now)]))
}

function toStats(row: StatsRow, now: Date): WebhookStats {
  const { succeeded, failed, pending, attempts, latencyMs, oldestAt, last } = row
  return {
    ...{ succeeded, failed, pending, attempts },
    averageLatencyMs: attempts === 0 ? null : Math.round(latencyMs / attempts),
    lagSeconds: oldestAt === null ? 0 : Math.max(0, (now.getTime() - oldestAt.getTime()) / 1000),
    lastDelivery: last && { ...last, updatedAt: new Date(last.updatedAt) },
  }
}
