import { sql } from 'kysely'
import type { OpenWebhook, Unsaved, WebhookLedger } from '../application/ports/webhooks.ts'
import { available } from './availability.ts'
import type { Database } from './database.ts'
import type { Secrets } from './secrets.ts'
import { secretsIn, toWebhook } from './webhooks.ts'

export interface WebhookLedgerParts {
  db: Database
  secrets: Secrets
  clock(): Date
}

export function createWebhookLedger({ db, secrets, clock }: WebhookLedgerParts): WebhookLedger {
  const active = db.selectFrom('webhook').where('isActive', '=', true).where('removedAt', 'is', null)
  return {
    accounts: () =>
      available(async () => {
        const rows = await active.select('accountId').distinct().execute()
        return rows.map(({ accountId }) => accountId)
      }),
    open: (accountId) =>
      available(async () => {
        const rows = await active.selectAll().where('accountId', '=', accountId).orderBy('number').execute()
        return rows.map((row): OpenWebhook => ({
          webhook: toWebhook(row, secrets),
          secrets: secretsIn(row, secrets, clock()),
          place: { transactionId: row.afterTransactionId, id: row.afterId },
        }))
      }),
    known: (accountId, deliveryIds) =>
      available(async () => {
        const { rows } = await sql<{ id: string }>`
          select id from webhook_delivery where account_id = ${accountId} and id = any(${deliveryIds}::uuid[])
        `.execute(db)
        return new Set(rows.map(({ id }) => id))
      }),
    pending: (accountId, webhookId, limit) =>
      available(async () => {
        const { rows } = await sql<Unsaved & { dueAt: Date }>`
          select id, account_id, webhook_id, event_key, event, conversation_id, message_id, contact_id, body,
                 occurred_at, failures, due_at
            from webhook_delivery where account_id = ${accountId} and webhook_id = ${webhookId} and status = 'pending'
           order by due_at limit ${limit}
        `.execute(db)
        return rows
      }),
    nextDue: (accountId) =>
      available(async () => {
        const { rows } = await sql<{ webhookId: string; dueAt: Date }>`
          select w.id as webhook_id, d.due_at from webhook w cross join lateral (
            select due_at from webhook_delivery
             where account_id = w.account_id and webhook_id = w.id and status = 'pending' order by due_at limit 1) d
           where w.account_id = ${accountId} and w.is_active
        `.execute(db)
        return new Map(rows.map(({ webhookId, dueAt }) => [webhookId, dueAt]))
      }),
    forget: (accountId, { conversationIds, contactIds }) =>
      available(async () => {
        await sql`
          delete from webhook_delivery where account_id = ${accountId}
             and (conversation_id = any(${conversationIds}::uuid[]) or contact_id = any(${contactIds}::uuid[]))
        `.execute(db)
      }),
  }
}
