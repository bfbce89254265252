import { refuse } from '../../domain/errors.ts'
import { allow, allowEverywhere } from '../../domain/permissions.ts'
import type { Delivery, DeliveryStatus, Webhook, WebhookDialect, WebhookStats } from '../../domain/webhook.ts'
import type { Actor } from '../../domain/actor.ts'
import type { Query } from '../ports/house.ts'
import type { Reader } from '../ports/reader.ts'
import type { DeliveryQuery } from '../ports/webhooks.ts'

/** A webhook with how it has been doing. */
export interface WebhookFound {
  webhook: Webhook
  stats: WebhookStats
}

function allowReading(actor: Actor): void {
  allow(actor, 'webhook.read')
  allowEverywhere(actor)
}

const NOTHING: WebhookStats = {
  ...{ succeeded: 0, failed: 0, pending: 0, attempts: 0, averageLatencyMs: null, lagSeconds: 0 },
  lastDelivery: null,
}

/** For whoever is let in already. */
export const statsOf: Query<string, WebhookStats> = async (reader, _actor, webhookId) =>
  (await reader.webhooks.stats([webhookId])).get(webhookId) ?? NOTHING

/** All of the account, or of one dialect, oldest first. */
export const listWebhooks: Query<{ dialect?: WebhookDialect }, WebhookFound[]> = async (
  reader,
  actor,
  { dialect },
) => {
  allowReading(actor)
  const webhooks = (await reader.webhooks.list()).filter(
    (one) => dialect === undefined || one.dialect === dialect,
  )
  const stats = await reader.webhooks.stats(webhooks.map(({ id }) => id))
  return webhooks.map((webhook) => ({ webhook, stats: stats.get(webhook.id) ?? NOTHING }))
}

export interface GetWebhook {
  webhookId: string
  /** Others are not found. */
  dialect?: WebhookDialect
}

/** For whoever is let in already. Refuses `not_found`. */
export async function loadWebhook(reader: Reader, { webhookId, dialect }: GetWebhook): Promise<Webhook> {
  const webhook = await reader.webhooks.find(webhookId)
  if (!webhook || (dialect && webhook.dialect !== dialect)) return refuse('not_found', { what: 'webhook' })
  return webhook
}

/** Refuses `not_found`. */
export const getWebhook: Query<GetWebhook, WebhookFound> = async (reader, actor, input) => {
  allowReading(actor)
  const webhook = await loadWebhook(reader, input)
  return { webhook, stats: await statsOf(reader, actor, webhook.id) }
}

/** Deliveries of one webhook, newest first. Refuses `not_found` for the webhook. */
export const listDeliveries: Query<DeliveryQuery, Delivery[]> = async (reader, actor, query) => {
  allowReading(actor)
  await loadWebhook(reader, query)
  return reader.webhooks.deliveries(query)
}

export interface PageDeliveries extends GetWebhook {
  status?: DeliveryStatus
  event?: string
  limit: number
  offset: number
}

/** The same by numbered pages. */
export const pageDeliveries: Query<PageDeliveries, { deliveries: Delivery[]; total: number }> = async (
  reader,
  actor,
  query,
) => {
  allowReading(actor)
  await loadWebhook(reader, query)
  return reader.webhooks.deliveryPage(query)
}

export interface GetDelivery extends GetWebhook {
  deliveryId: string
}

/** Refuses `not_found`. */
export const getDelivery: Query<GetDelivery, Delivery> = async (reader, actor, input) => {
  allowReading(actor)
  return loadDelivery(reader, input)
}

/** For whoever is let in already. Refuses `not_found`. */
export async function loadDelivery(reader: Reader, input: GetDelivery): Promise<Delivery> {
  const { id } = await loadWebhook(reader, input)
  return (await reader.webhooks.delivery(id, input.deliveryId)) ?? refuse('not_found', { what: 'delivery' })
}
