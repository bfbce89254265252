import type { Static } from 'typebox'
import type { CreateWebhook } from '../../application/webhooks/create-webhook.ts'
import type { WebhookWish } from '../../application/webhooks/fit-webhook.ts'
import type { GetDelivery, GetWebhook, PageDeliveries } from '../../application/webhooks/read-webhooks.ts'
import type { TestWebhook } from '../../application/webhooks/try-webhook.ts'
import type { UpdateWebhook } from '../../application/webhooks/update-webhook.ts'
import { readPage, type Page } from './accept-query.ts'
import { checked, readBody } from './faults.ts'
import { refOf } from './ids.ts'
import { readQuery } from './query.ts'
import * as bodies from './schema/webhooks.ts'

/** This door knows the webhooks of its own dialect alone. */
const DIALECT = { dialect: 'linktor' } as const

export function acceptWebhook(id: string): GetWebhook {
  return { webhookId: refOf('webhook', id).id, ...DIALECT }
}

export function acceptDelivery({ id, deliveryId }: { id: string; deliveryId: string }): GetDelivery {
  return { ...acceptWebhook(id), deliveryId: refOf('delivery', deliveryId).id }
}

export function acceptCreateWebhook(raw: unknown): CreateWebhook {
  const body = checked(bodies.CreateWebhookBody, readBody(raw))
  const { url, events } = body
  return { ...DIALECT, url, events, ...wishOf(body) }
}

export function acceptUpdateWebhook(id: string, raw: unknown): UpdateWebhook {
  const body = checked(bodies.UpdateWebhookBody, readBody(raw))
  const { url, events, status } = body
  const isActive = status && status === 'active'
  return { ...acceptWebhook(id), url, events, isActive, ...wishOf(body) }
}

/** An empty description is none. */
function wishOf(body: Pick<Static<typeof bodies.UpdateWebhookBody>, 'description' | 'headers' | 'config'>) {
  const { description, headers, config = {} } = body
  const { timeout, maxRetries: maxAttempts, signature } = config
  return {
    description: description === undefined ? undefined : description || null,
    ...{ headers, maxAttempts, signature },
    timeoutMs: timeout && timeout * 1000,
  } satisfies WebhookWish
}

export function acceptTest(id: string, raw: unknown): TestWebhook {
  const { event } = checked(bodies.TestWebhookBody, readBody(raw))
  return { ...acceptWebhook(id), event }
}

/** There is nothing to say, yet what is said must be a request. */
export function acceptRetry(params: { id: string; deliveryId: string }, raw: unknown): GetDelivery {
  readBody(raw)
  return acceptDelivery(params)
}

export function acceptDeliveryList(id: string, query: unknown): { input: PageDeliveries; page: Page } {
  const read = readQuery(query)
  const { limit, offset, ...page } = readPage(read)
  const status = read.choice('status', ['succeeded', 'failed', 'pending'])
  const event = read.text('event')
  read.refuseFaults()
  return { input: { ...acceptWebhook(id), status, event, limit, offset }, page }
}
