import type { Actor } from '../../domain/actor.ts'
import type { Delivery, DeliveryAttempt } from '../../domain/webhook.ts'
import { publicId } from './ids.ts'
import { iso } from './present-messages.ts'
import { HIDDEN } from './present-webhooks.ts'
import type { DeliveryBody, DeliveryInFull } from './schema/webhook-deliveries.ts'

export function presentDelivery(delivery: Delivery): DeliveryBody {
  const { event, eventKey, conversationId, status, attemptCount, attempts } = delivery
  const last = attempts.at(-1)
  return {
    id: publicId('delivery', delivery.id),
    ...{ eventId: eventKey, event },
    conversationId: conversationId && publicId('conversation', conversationId),
    ...{ status, attemptCount },
    lastAttempt: last ? presentTry(last) : null,
    nextAttemptAt: iso(delivery.dueAt),
    occurredAt: delivery.occurredAt.toISOString(),
    createdAt: delivery.createdAt.toISOString(),
    updatedAt: delivery.updatedAt.toISOString(),
  }
}

/** A body may tell what was said: it is for whoever may read that. */
export function presentDeliveryInFull(delivery: Delivery, actor: Actor): DeliveryInFull {
  return {
    ...presentDelivery(delivery),
    body: actor.permissions.has('message.read') ? delivery.body : null,
    attempts: delivery.attempts.map((attempt) => ({
      ...presentTry(attempt),
      request: { headers: withoutValues(attempt.request.headers) },
      response: attempt.response && { headers: attempt.response.headers, body: attempt.response.body },
    })),
  }
}

function presentTry({ at, latencyMs, status, error }: DeliveryAttempt) {
  return { at, latencyMs, status, error }
}

/** Headers that every delivery has; whatever else went along is the subscriber's, and may be a credential. */
const OURS = /^(host|content-type|content-length|user-agent|accept|webhook-.+|x-linktor-.+|x-parley-.+)$/i

function withoutValues(headers: Record<string, string>): Record<string, string> {
  const shown = Object.entries(headers).map(([name, value]) => [name, OURS.test(name) ? value : HIDDEN])
  return Object.fromEntries(shown)
}
