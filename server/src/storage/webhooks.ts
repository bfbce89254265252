import { sql, type Selectable } from 'kysely'
import type { DeliveryQuery, Replay, WebhookReader, WebhookWriter } from '../application/ports/webhooks.ts'
import type { Webhook, WebhookSecrets } from '../domain/webhook.ts'
import type { Queries } from './database.ts'
import type { Secrets } from './secrets.ts'
import type { Tables } from './tables.ts'
import { statsOf } from './webhook-stats.ts'

export interface WebhookParts {
  accountId: string
  now: Date
  secrets: Secrets
}

type Row = Selectable<Tables['webhook']>

/** What a webhook is; its secrets are asked for by themselves. */
export function toWebhook(row: Row, secrets: Secrets): Webhook {
  const { id, number, accountId, dialect, url, description, events, signature, timeoutMs, maxAttempts } = row
  const { secretHint, isActive, pause, failingSince, createdAt, updatedAt } = row
  return {
    ...{ id, number, accountId, dialect, url, description, events },
    headers: JSON.parse(secrets.unseal(row.sealedHeaders)) as Record<string, string>,
    ...{ signature, timeoutMs, maxAttempts, secretHint, isActive, pause, failingSince, createdAt, updatedAt },
  }
}

/** Live secrets, newest first. */
export function secretsIn(row: Row, secrets: Secrets, now: Date): WebhookSecrets {
  const { sealedSecret, sealedPreviousSecret, previousSecretUntil } = row
  const isPreviousLive = previousSecretUntil !== null && previousSecretUntil > now
  return [sealedSecret, isPreviousLive ? sealedPreviousSecret : null].flatMap((sealed) =>
    sealed === null ? [] : [secrets.unseal(sealed)],
  )
}

export function createWebhookReader(db: Queries, parts: WebhookParts): WebhookReader {
  const { accountId, secrets, now } = parts
  const rows = db
    .selectFrom('webhook')
    .selectAll()
    .where('accountId', '=', accountId)
    .where('removedAt', 'is', null)
  const deliveries = ({
    webhookId,
    status,
    event,
  }: Pick<DeliveryQuery, 'webhookId' | 'status' | 'event'>) => {
    const all = db
      .selectFrom('webhookDelivery')
      .where('accountId', '=', accountId)
      .where('webhookId', '=', webhookId)
    const ofStatus = status ? all.where('status', '=', status) : all
    return event ? ofStatus.where('event', '=', event) : ofStatus
  }
  return {
    find: async (id) => {
      const row = await rows.where('id', '=', id).executeTakeFirst()
      return row ? toWebhook(row, secrets) : null
    },
    list: async () => (await rows.orderBy('number').execute()).map((row) => toWebhook(row, secrets)),
    stats: (ids) => statsOf(db, accountId, { ids, now }),
    deliveries: ({ after, limit, ...query }) => {
      const all = deliveries(query)
      return (after === null ? all : all.where('number', '<', after))
        .selectAll()
        .orderBy('number', 'desc')
        .limit(limit)
        .execute()
    },
    deliveryPage: async ({ offset, limit, ...query }) => {
      const { total } = await deliveries(query)
        .select((eb) => eb.fn.countAll<number>().as('total'))
        .executeTakeFirstOrThrow()
      const page = deliveries(query).selectAll().orderBy('number', 'desc').limit(limit).offset(offset)
      return { deliveries: await page.execute(), total }
    },
    delivery: async (webhookId, id) =>
      (await deliveries({ webhookId }).selectAll().where('id', '=', id).executeTakeFirst()) ?? null,
    secrets: async (webhookId) => {
      const row = await rows.where('id', '=', webhookId).executeTakeFirst()
      return row ? secretsIn(row, secrets, now) : []
    },
  }
}

export function createWebhooks(db: Queries, parts: WebhookParts): WebhookWriter {
  const { accountId, secrets, now } = parts
  const named = (id: string) =>
    db.updateTable('webhook').where('accountId', '=', accountId).where('id', '=', id)
  return {
    ...createWebhookReader(db, parts),
    serialize: async () => {
      await sql`select pg_advisory_xact_lock(hashtextextended(${`${accountId}:webhooks`}, 0))`.execute(db)
    },
    lock: async (id) => {
      const row = await db
        .selectFrom('webhook')
        .selectAll()
        .where('accountId', '=', accountId)
        .where('id', '=', id)
        .where('removedAt', 'is', null)
        .forUpdate()
        .executeTakeFirst()
      return row ? toWebhook(row, secrets) : null
    },
    insert: async ({ headers, ...webhook }, secret) => {
      const row = await db
        .insertInto('webhook')
        .values({
          ...webhook,
          ...{ sealedHeaders: secrets.seal(JSON.stringify(headers)), sealedSecret: secrets.seal(secret) },
          ...{ afterTransactionId: NOW, afterId: lastOwn(accountId) },
        })
        .returningAll()
        .executeTakeFirstOrThrow()
      return toWebhook(row, secrets)
    },
    save: async ({ id, number: _number, accountId: _account, createdAt: _born, headers, ...webhook }) => {
      await named(id)
        .set({ ...webhook, sealedHeaders: secrets.seal(JSON.stringify(headers)) })
        .execute()
    },
    skipToNow: async (id) => {
      await named(id)
        .set({ afterTransactionId: NOW, afterId: lastOwn(accountId) })
        .execute()
    },
    rotateSecret: async (id, secret, previousUntil) => {
      await named(id)
        .set((eb) => ({
          sealedPreviousSecret: eb.ref('sealedSecret'),
          previousSecretUntil: previousUntil,
          sealedSecret: secrets.seal(secret),
        }))
        .execute()
    },
    remove: async (id) => {
      const gone = { sealedSecret: null, sealedPreviousSecret: null, sealedHeaders: secrets.seal('{}') }
      await named(id)
        .set({ ...gone, isActive: false, removedAt: now, updatedAt: now })
        .execute()
    },
    replay: (id, which) => replay(db, parts, { id, which }),
  }
}

/** The transaction that asks: what happens in later ones comes after it. */
const NOW = sql<number>`pg_current_xact_id()`
/** The last event that this transaction has recorded. */
const lastOwn = (accountId: string) =>
  sql<number>`(select coalesce(max(id), 0) from event where account_id = ${accountId} and transaction_id = pg_current_xact_id())`

async function replay(
  db: Queries,
  { accountId, now }: WebhookParts,
  { id, which }: { id: string; which: Replay },
): Promise<number> {
  const all = db
    .updateTable('webhookDelivery')
    .set({ status: 'pending', failures: 0, dueAt: now })
    .where('accountId', '=', accountId)
    .where('webhookId', '=', id)
  const asked =
    which.kind === 'one'
      ? all.where('id', '=', which.deliveryId)
      : which.kind === 'failed'
        ? all.where('status', '=', 'failed')
        : all
  const from = 'from' in which && which.from ? asked.where('occurredAt', '>=', which.from) : asked
  const until = 'until' in which && which.until ? from.where('occurredAt', '<', which.until) : from
  const { numUpdatedRows } = await until.executeTakeFirst()
  return Number(numUpdatedRows)
}
