import type { WebhookFound } from '../../application/webhooks/read-webhooks.ts'
import type { Actor } from '../../domain/actor.ts'
import type { Webhook, WebhookStats } from '../../domain/webhook.ts'
import { publicId } from './ids.ts'
import { iso } from './present-messages.ts'
import type { RotatedWebhook, WebhookBody, WebhookWithSecret, WebhookWithStats } from './schema/webhooks.ts'

/** What stands for a value that may be a credential. It cannot be sent in a header, so it is never taken for one. */
const HIDDEN = '…'

/** Never a secret: those are told where they are made. What its URL carries is for whoever may change it. */
export function presentWebhook(webhook: Webhook, actor: Actor): WebhookBody {
  const { number, dialect, description, events, headers, signature, timeoutMs, maxAttempts } = webhook
  const { secretHint, isActive, pause } = webhook
  const names = Object.keys(headers)
  return {
    id: publicId('webhook', webhook.id),
    ...{ number, dialect },
    url: actor.permissions.has('webhook.write') ? webhook.url : new URL(webhook.url).origin,
    ...{ description, events },
    headers: Object.fromEntries(names.map((name) => [name, HIDDEN])),
    signature,
    timeoutSeconds: timeoutMs && timeoutMs / 1000,
    ...{ maxAttempts, secretHint, isActive, pause },
    failingSince: iso(webhook.failingSince),
    createdAt: webhook.createdAt.toISOString(),
    updatedAt: webhook.updatedAt.toISOString(),
  }
}

export function presentFound({ webhook, stats }: WebhookFound, actor: Actor): WebhookWithStats {
  return { ...presentWebhook(webhook, actor), stats: presentStats(stats) }
}

function presentStats(stats: WebhookStats): WebhookWithStats['stats'] {
  const { succeeded, failed, pending, attempts, averageLatencyMs, lagSeconds, lastDelivery: last } = stats
  const over = succeeded + failed
  return {
    ...{ succeeded, failed, pending, attempts },
    successRate: over === 0 ? null : succeeded / over,
    ...{ averageLatencyMs, lagSeconds },
    lastDelivery: last && {
      id: publicId('delivery', last.id),
      ...{ event: last.event, status: last.status },
      updatedAt: last.updatedAt.toISOString(),
    },
  }
}

export function presentNewWebhook(
  { webhook, secret }: { webhook: Webhook; secret: string },
  actor: Actor,
): WebhookWithSecret {
  return { ...presentWebhook(webhook, actor), secret }
}

export function presentRotated(
  { webhook, secret, previousUntil }: { webhook: Webhook; secret: string; previousUntil: Date },
  actor: Actor,
): RotatedWebhook {
  return {
    ...presentNewWebhook({ webhook, secret }, actor),
    previousUntil: previousUntil.toISOString(),
  }
}
