import type { WebhookMetrics, WebhookTotals } from '../application/ports/webhook-metrics.ts'
import { Counter, Gauge, Histogram, type Registry } from './prometheus.ts'

const ATTEMPT_BUCKETS = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 30]
/** Up to where an event waits for another day. */
const LAG_BUCKETS = [0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60, 300, 1800, 7200, 86_400]

export interface OwnWebhookMetrics extends WebhookMetrics {
  /** What is counted in the database. */
  setTotals(totals: WebhookTotals[]): void
}

/** Labels are dialects and outcomes alone: neither accounts nor addresses are anybody's business who watches the machine. */
export function createWebhookMetrics(registry: Registry): OwnWebhookMetrics {
  const registers = [registry]
  const labelNames = ['dialect']
  const attempts = new Counter({
    name: 'parley_webhook_attempts_total',
    help: 'Tries to tell a webhook something.',
    labelNames: ['dialect', 'outcome'],
    registers,
  })
  const seconds = new Histogram({
    name: 'parley_webhook_attempt_seconds',
    help: 'How long tries took.',
    ...{ labelNames, buckets: ATTEMPT_BUCKETS, registers },
  })
  const lags = new Histogram({
    name: 'parley_webhook_lag_seconds',
    help: 'Time from what happened to the first try to tell it.',
    ...{ labelNames, buckets: LAG_BUCKETS, registers },
  })
  const pauses = new Counter({
    name: 'parley_webhook_pauses_total',
    help: 'Webhooks that were paused since their endpoint failed.',
    ...{ labelNames, registers },
  })
  return {
    attempt: (dialect, outcome, took) => {
      attempts.inc({ dialect, outcome })
      seconds.observe({ dialect }, took)
    },
    lag: (dialect, waited) => lags.observe({ dialect }, waited),
    paused: (dialect) => pauses.inc({ dialect }),
    setTotals: createTotals(registry),
  }
}

function createTotals(registry: Registry): (totals: WebhookTotals[]) => void {
  const registers = [registry]
  const webhooks = new Gauge({
    name: 'parley_webhooks',
    help: 'Webhooks by state.',
    labelNames: ['dialect', 'state'],
    registers,
  })
  const deliveries = new Gauge({
    name: 'parley_webhook_deliveries',
    help: 'Deliveries that are still to be made, and those given up.',
    labelNames: ['dialect', 'status'],
    registers,
  })
  const oldest = new Gauge({
    name: 'parley_webhook_oldest_lag_seconds',
    help: 'Age of the oldest delivery that is still to be made.',
    labelNames: ['dialect'],
    registers,
  })
  return (totals) => {
    for (const gauge of [webhooks, deliveries, oldest]) gauge.reset()
    for (const { dialect, active, paused, pending, failed, oldestLagSeconds } of totals) {
      webhooks.set({ dialect, state: 'active' }, active)
      webhooks.set({ dialect, state: 'paused' }, paused)
      deliveries.set({ dialect, status: 'pending' }, pending)
      deliveries.set({ dialect, status: 'failed' }, failed)
      oldest.set({ dialect }, oldestLagSeconds)
    }
  }
}
