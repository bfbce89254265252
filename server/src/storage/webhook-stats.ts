import { sql } from 'kysely'
import type { WebhookTotals } from '../application/ports/webhook-metrics.ts'
import type { Delivery, WebhookStats } from '../domain/webhook.ts'
import { available } from './availability.ts'
import type { Database, Queries } from './database.ts'

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
    lagSeconds: ageOf(oldestAt, now),
    lastDelivery: last && { ...last, updatedAt: new Date(last.updatedAt) },
  }
}

/** How webhooks of all accounts stand, by dialect. */
export async function webhookTotals(db: Database, now: Date): Promise<WebhookTotals[]> {
  const { rows } = await available(() =>
    sql<Omit<WebhookTotals, 'oldestLagSeconds'> & { oldestAt: Date | null }>`
      select w.dialect, count(*) filter (where w.is_active) as active, count(*) filter (where w.pause is not null) as paused,
             coalesce(sum(${deliveriesOf('pending')}), 0)::bigint as pending,
             coalesce(sum(${deliveriesOf('failed')}), 0)::bigint as failed, min(e.created_at) as oldest_at
        from webhook w
        left join lateral (
          select created_at from event
           where account_id = w.account_id and w.is_active and (transaction_id, id) > (w.after_transaction_id, w.after_id)
           order by transaction_id, id limit 1) e on true
       where w.removed_at is null group by w.dialect
    `.execute(db),
  )
  return rows.map(({ oldestAt, ...totals }) => ({ ...totals, oldestLagSeconds: ageOf(oldestAt, now) }))
}

/** By the partial indexes of what is not told. */
const deliveriesOf = (status: 'pending' | 'failed') =>
  sql.raw(`(select count(*) from webhook_delivery d
    where d.account_id = w.account_id and d.webhook_id = w.id and d.status = '${status}')`)

const ageOf = (at: Date | null, now: Date) => (at ? Math.max(0, (now.getTime() - at.getTime()) / 1000) : 0)
