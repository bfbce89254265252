import type { Actor } from '../../domain/actor.ts'
import type { Delivery, DeliveryAttempt } from '../../domain/webhook.ts'
import { publicId } from './ids.ts'
import { iso } from './present-messages.ts'
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
      ...{ request: attempt.request, response: attempt.response },
    })),
  }
}

function presentTry({ at, latencyMs, status, error }: DeliveryAttempt) {
  return { at, latencyMs, status, error }
}
