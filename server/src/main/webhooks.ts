import type { RunBatch, Tools } from '../application/ports/house.ts'
import type { WebhookMetrics } from '../application/ports/webhook-metrics.ts'
import type { KeyedWebhook, WebhookLedger, WebhookTools } from '../application/ports/webhooks.ts'
import { createHealth } from '../delivery/webhooks/health.ts'
import { createPace, type Pace } from '../delivery/webhooks/pace.ts'
import { createPost } from '../delivery/webhooks/post.ts'
import { createRecorder } from '../delivery/webhooks/recorder.ts'
import { createSender } from '../delivery/webhooks/sender.ts'
import { createTeller, type Teller } from '../delivery/webhooks/teller.ts'
import type { Tried } from '../delivery/webhooks/tries.ts'
import { idFrom } from '../platform/ids.ts'
import { createKeptFetch } from '../platform/safe-fetch/safe-fetch.ts'
import { createWebhookClaims } from '../storage/webhook-claims.ts'
import { SPEECHES } from './webhook-speeches.ts'

export interface WebhookParts {
  runBatch: RunBatch
  ledger: WebhookLedger
  databaseUrl: string
  /** Places inside private networks, and without TLS, that may be sent to all the same. */
  allow: readonly string[]
  clock(): Date
  /** Multiplies every pause between tries. */
  scale: number
  onBug(error: unknown): void
}

interface TellerRest {
  tools: Pick<Tools, 'ask' | 'liveFeed'>
  publicOrigin(): string
  metrics: WebhookMetrics
}

/** Webhooks as doors see them, and those that tell them what happens. */
export interface Webhooks {
  tools: WebhookTools
  /** Told how many messages are sent at once. */
  pace: Pace
  teller(rest: TellerRest): Teller
}

export function createWebhookDelivery(parts: WebhookParts): Webhooks {
  const { clock, scale, onBug } = parts
  const chance = Math.random
  const pace = createPace()
  const recorder = createRecorder({ runBatch: parts.runBatch, onBug })
  // The same few places are posted to again and again.
  const { fetch, close } = createKeptFetch({ allow: parts.allow, keepAlive: { mostIdlePerTarget: 16 } })
  const attempt = createSender({ speeches: SPEECHES, post: createPost(fetch), clock })
  const tools: WebhookTools = {
    speeches: SPEECHES,
    attempt,
    deliveryId: (webhookId, eventKey) => idFrom(`${webhookId} ${eventKey}`),
    settle: async (keyed: KeyedWebhook, delivery, answered) => {
      const { webhook } = keyed
      const health = createHealth({
        ...{ open: keyed, speech: SPEECHES[webhook.dialect], clock, chance, scale },
      })
      const { status, dueAt, failures } = health.judge(webhook, delivery, answered)
      const { retryAfterMs: _asked, ...tried } = answered
      const standing = health.standing()
      const { accountId, id: webhookId } = webhook
      const progress = () => ({ accountId, webhookId, place: null, standing })
      await recorder.record({ progress }, { ...delivery, attempt: tried, status, dueAt, failures })
    },
  }
  return {
    ...{ tools, pace },
    teller: (rest) =>
      createTeller({
        ...{ ledger: parts.ledger, claims: createWebhookClaims(parts.databaseUrl), recorder },
        ...{ pace, clock, chance, scale, onBug, publicOrigin: rest.publicOrigin },
        onTried: (tried) => count(rest.metrics, tried),
        tools: { ...rest.tools, webhooks: tools },
        hangUp: close,
      }),
  }
}

function count(metrics: WebhookMetrics, { webhook, letter, answered, verdict, isFirst }: Tried): void {
  const { dialect } = webhook
  metrics.attempt(dialect, answered.error === null ? 'succeeded' : 'failed', answered.latencyMs / 1000)
  if (isFirst) metrics.lag(dialect, Math.max(0, Date.parse(answered.at) - letter.occurredAt.getTime()) / 1000)
  if (verdict.pause) metrics.paused(dialect)
}
