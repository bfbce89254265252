import type { WebhookFound } from '../../application/webhooks/read-webhooks.ts'
import type { Tested } from '../../application/webhooks/try-webhook.ts'
import type { Actor } from '../../domain/actor.ts'
import type { Delivery, DeliveryAttempt, Webhook, WebhookStats } from '../../domain/webhook.ts'
import type { Page } from './accept-query.ts'
import { MOST_TRIES, TIMEOUT_MS } from './events.ts'
import { writeId } from './ids.ts'
import { presentPages } from './present-refs.ts'
import { writeTime } from './time.ts'

const resourceOf = <Attributes>({ id }: Webhook, attributes: Attributes) => ({
  id: writeId('webhook', id),
  type: 'webhook',
  attributes,
})

function saidOf({ url, description, isActive, events }: Webhook) {
  return { url, description: description ?? undefined, status: isActive ? 'active' : 'inactive', events }
}

/** Nothing that is over has failed until something did. */
function statsOf({ succeeded, failed, pending }: WebhookStats) {
  const over = succeeded + failed
  return {
    deliveriesTotal: over + pending,
    deliveriesSucceeded: succeeded,
    deliveriesFailed: failed,
    successRate: over === 0 ? 1 : Number((succeeded / over).toFixed(4)),
  }
}

const timesOf = ({ createdAt, updatedAt }: Webhook) => ({
  createdAt: writeTime(createdAt),
  updatedAt: writeTime(updatedAt),
})

export function presentWebhooks(found: WebhookFound[]) {
  const data = found.map(({ webhook, stats }) =>
    resourceOf(webhook, { ...saidOf(webhook), stats: statsOf(stats), ...timesOf(webhook) }),
  )
  return { data }
}

/** What stands for a value that may be a credential. It cannot be sent in a header, so it is never taken for one. */
const HIDDEN = '…'

/** Values are for whoever may change them. */
function shownHeaders({ headers }: Webhook, { permissions }: Actor): Record<string, string> {
  if (permissions.has('webhook.write')) return headers
  return Object.fromEntries(Object.keys(headers).map((name) => [name, HIDDEN]))
}

export function presentWebhook({ webhook, stats }: WebhookFound, actor: Actor) {
  const { secretHint: secret, signature, maxAttempts, timeoutMs } = webhook
  const { averageLatencyMs, lastDelivery: last } = stats
  return {
    data: resourceOf(webhook, {
      ...saidOf(webhook),
      ...{ secret, headers: shownHeaders(webhook, actor) },
      config: {
        retryPolicy: 'exponential',
        maxRetries: maxAttempts ?? MOST_TRIES,
        timeout: (timeoutMs ?? TIMEOUT_MS) / 1000,
        signature,
      },
      stats: {
        ...statsOf(stats),
        avgLatency: averageLatencyMs === null ? undefined : Math.round(averageLatencyMs),
      },
      lastDelivery: last
        ? {
            ...{ id: writeId('delivery', last.id), event: last.event, status: last.status },
            timestamp: writeTime(last.updatedAt),
          }
        : undefined,
      ...timesOf(webhook),
    }),
  }
}

export function presentNewWebhook({ webhook, secret }: { webhook: Webhook; secret: string }) {
  const { headers, createdAt } = webhook
  return {
    data: resourceOf(webhook, { ...saidOf(webhook), secret, headers, createdAt: writeTime(createdAt) }),
  }
}

const timeOf = ({ at }: DeliveryAttempt) => writeTime(new Date(at))

export function presentTested({ delivery, attempt }: Tested) {
  return {
    data: {
      deliveryId: writeId('delivery', delivery.id),
      status: delivery.status,
      statusCode: attempt.status ?? undefined,
      latency: Math.round(attempt.latencyMs),
      timestamp: timeOf(attempt),
    },
  }
}

export function presentRetried({ delivery, attempt }: Tested) {
  return {
    data: {
      id: writeId('delivery', delivery.id),
      status: delivery.status,
      statusCode: attempt.status ?? undefined,
      attempts: delivery.attemptCount,
      retriedAt: timeOf(attempt),
    },
  }
}

export function presentDeliveries(found: { deliveries: Delivery[]; total: number }, page: Page) {
  const data = found.deliveries.map((delivery) => ({
    id: writeId('delivery', delivery.id),
    type: 'delivery',
    attributes: {
      event: delivery.event,
      status: delivery.status,
      attempts: delivery.attemptCount,
      payload: JSON.parse(delivery.body) as object,
      createdAt: writeTime(delivery.createdAt),
      ...lastTry(delivery.attempts.at(-1)),
    },
  }))
  return { data, meta: presentPages(page, found.total) }
}

function lastTry(last: DeliveryAttempt | undefined) {
  if (!last) return {}
  const statusCode = last.status ?? undefined
  return {
    statusCode,
    errorMessage: last.error ?? undefined,
    request: { headers: last.request.headers },
    response: last.response ? { statusCode, body: last.response.body } : undefined,
    lastAttemptAt: timeOf(last),
  }
}
