import type { WebhookMetrics, WebhookTotals } from '../application/ports/webhook-metrics.ts'
import { createProcessMetrics } from './process-metrics.ts'
import { Registry } from './prometheus.ts'
import { createRequestMetrics, type CountRequests } from './request-metrics.ts'
import { createWebhookMetrics } from './webhook-metrics.ts'

/** The process must be seen while its database hangs. */
const TOTALS_LIMIT_MS = 3000

export interface MetricsParts {
  /** Counts in the database, each time somebody asks. */
  webhookTotals?: () => Promise<WebhookTotals[]>
  /** Told when that failed; everything else is told all the same. */
  onBug(error: unknown): void
}

/** What is counted of one house, in the words of Prometheus. */
export interface Metrics {
  countRequests: CountRequests
  webhooks: WebhookMetrics
  contentType: string
  scrape(): Promise<string>
  close(): void
}

/** A registry of its own: several houses of one process do not mix their numbers. */
export function createMetrics({ webhookTotals, onBug }: MetricsParts): Metrics {
  const registry = new Registry()
  const ofProcess = createProcessMetrics(registry)
  const countRequests = createRequestMetrics(registry)
  const { setTotals, ...webhooks } = createWebhookMetrics(registry)
  const readTotals = async () => {
    if (!webhookTotals) return
    try {
      setTotals(await bounded(webhookTotals()))
    } catch (error) {
      // Numbers of before would look like those of now.
      setTotals([])
      onBug(error)
    }
  }
  const scrape = async () => {
    await Promise.all([ofProcess.read(), readTotals()])
    return registry.metrics()
  }
  return {
    ...{ countRequests, webhooks, contentType: registry.contentType },
    scrape: together(scrape),
    close: ofProcess.close,
  }
}

/** Whoever asks while it is under way gets the same answer: many who ask are no load. */
function together<Answer>(ask: () => Promise<Answer>): () => Promise<Answer> {
  let underWay: Promise<Answer> | null = null
  return () =>
    (underWay ??= ask().finally(() => {
      underWay = null
    }))
}

async function bounded<Found>(work: Promise<Found>): Promise<Found> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('webhooks could not be counted in time')), TOTALS_LIMIT_MS)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}
