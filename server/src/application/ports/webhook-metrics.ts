import type { WebhookDialect } from '../../domain/webhook.ts'

/** What is counted of telling the outside; nothing in it says who was told. */
export interface WebhookMetrics {
  /** A try to tell something, and how long it took. */
  attempt(dialect: WebhookDialect, outcome: 'succeeded' | 'failed', seconds: number): void
  /** How long after something happened it was told, or first tried to be. */
  lag(dialect: WebhookDialect, seconds: number): void
  /** An endpoint failed so long that it is told nothing more. */
  paused(dialect: WebhookDialect): void
}

/** How the webhooks of one dialect stand, all accounts together. */
export interface WebhookTotals {
  dialect: WebhookDialect
  active: number
  paused: number
  /** Deliveries that are due or will be. */
  pending: number
  /** Deliveries that were given up. */
  failed: number
  /** Of the oldest delivery that is still to be made; 0 when there is none. */
  oldestLagSeconds: number
}
