import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import type { WebhookTotals } from '../application/ports/webhook-metrics.ts'
import { createMetrics, type Metrics } from './metrics.ts'

const onBug = () => undefined

/** The samples of one metric, as they are written. */
const linesOf = (text: string, name: string) =>
  text.split('\n').filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `))

test('what is told to webhooks is counted by dialect and outcome alone', async () => {
  const { webhooks, scrape, close } = createMetrics({ onBug })
  webhooks.attempt('pact', 'succeeded', 0.02)
  webhooks.attempt('pact', 'failed', 20)
  webhooks.attempt('native', 'succeeded', 0.2)
  webhooks.lag('pact', 0.3)
  webhooks.lag('pact', 100_000)
  webhooks.paused('pact')
  const text = await scrape()
  close()
  expect(linesOf(text, 'parley_webhook_attempts_total').sort()).toEqual([
    'parley_webhook_attempts_total{dialect="native",outcome="succeeded"} 1',
    'parley_webhook_attempts_total{dialect="pact",outcome="failed"} 1',
    'parley_webhook_attempts_total{dialect="pact",outcome="succeeded"} 1',
  ])
  expect(linesOf(text, 'parley_webhook_attempt_seconds_sum')).toContain(
    'parley_webhook_attempt_seconds_sum{dialect="pact"} 20.02',
  )
  const lags = linesOf(text, 'parley_webhook_lag_seconds_bucket')
  expect(lags).toContain('parley_webhook_lag_seconds_bucket{le="0.25",dialect="pact"} 0')
  expect(lags).toContain('parley_webhook_lag_seconds_bucket{le="0.5",dialect="pact"} 1')
  expect(lags).toContain('parley_webhook_lag_seconds_bucket{le="86400",dialect="pact"} 1')
  expect(lags).toContain('parley_webhook_lag_seconds_bucket{le="+Inf",dialect="pact"} 2')
  expect(linesOf(text, 'parley_webhook_pauses_total')).toEqual([
    'parley_webhook_pauses_total{dialect="pact"} 1',
  ])
})

test('what is counted in the database is what it says now', async () => {
  const bugs: unknown[] = []
  const some = { active: 3, paused: 1, pending: 40, failed: 2, oldestLagSeconds: 7.5 }
  const answers: (WebhookTotals[] | Error)[] = [
    [{ dialect: 'linktor', ...some }],
    [{ dialect: 'native', ...some, pending: 0 }],
    new Error('the database is gone'),
  ]
  const webhookTotals = async () => {
    const answer = answers.shift()
    if (answer instanceof Error) throw answer
    return answer ?? []
  }
  const { scrape, close } = createMetrics({ webhookTotals, onBug: (bug) => bugs.push(bug) })
  const first = await scrape()
  expect(linesOf(first, 'parley_webhooks')).toEqual([
    'parley_webhooks{dialect="linktor",state="active"} 3',
    'parley_webhooks{dialect="linktor",state="paused"} 1',
  ])
  expect(linesOf(first, 'parley_webhook_deliveries')).toEqual([
    'parley_webhook_deliveries{dialect="linktor",status="pending"} 40',
    'parley_webhook_deliveries{dialect="linktor",status="failed"} 2',
  ])
  expect(linesOf(first, 'parley_webhook_oldest_lag_seconds')).toEqual([
    'parley_webhook_oldest_lag_seconds{dialect="linktor"} 7.5',
  ])
  const second = await scrape()
  expect(linesOf(second, 'parley_webhook_deliveries')).toEqual([
    'parley_webhook_deliveries{dialect="native",status="pending"} 0',
    'parley_webhook_deliveries{dialect="native",status="failed"} 2',
  ])
  // Without it the rest is told all the same, and no numbers of before.
  const third = await scrape()
  expect(linesOf(third, 'parley_webhooks')).toEqual([])
  expect(linesOf(third, 'process_cpu_seconds_total')).toHaveLength(1)
  expect(bugs).toHaveLength(1)
  close()
})

test('many who ask at once ask the database once', async () => {
  let asked = 0
  const webhookTotals = async () => {
    asked += 1
    return []
  }
  const { scrape, close } = createMetrics({ webhookTotals, onBug })
  await Promise.all(Array.from({ length: 20 }, scrape))
  expect(asked).toBe(1)
  await scrape()
  expect(asked).toBe(2)
  close()
})

test('the process is read anew each time', async () => {
  const { scrape, close } = createMetrics({ onBug })
  const numbers = async () => {
    const text = await scrape()
    return (name: string) => Number(linesOf(text, name)[0]?.split(' ')[1])
  }
  const first = await numbers()
  const own = performance.now() + 30
  while (performance.now() < own);
  const second = await numbers()
  expect(second('process_cpu_seconds_total')).toBeGreaterThan(first('process_cpu_seconds_total'))
  expect(second('process_cpu_seconds_total')).toBeLessThanOrEqual(
    process.cpuUsage().user / 1e6 + process.cpuUsage().system / 1e6,
  )
  expect(second('process_resident_memory_bytes')).toBeGreaterThan(10_000_000)
  expect(second('nodejs_heap_size_used_bytes')).toBeLessThan(second('process_resident_memory_bytes'))
  expect(second('process_start_time_seconds')).toBeLessThanOrEqual(Date.now() / 1000)
  for (const name of ['mean', 'p50', 'p90', 'p99', 'max'])
    expect(second(`nodejs_eventloop_lag_${name}_seconds`), name).toBeGreaterThanOrEqual(0)
  close()
})

test('nobody watches the process after the end', async () => {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  const collected = async ({ scrape }: Metrics) => {
    const counts = linesOf(await scrape(), 'nodejs_gc_duration_seconds_count')
    return counts.reduce((sum, line) => sum + Number(line.split(' ')[1]), 0)
  }
  const [scraped, unasked] = [createMetrics({ onBug }), createMetrics({ onBug })]
  await collected(scraped)
  collect()
  await expect.poll(() => collected(scraped)).toBeGreaterThan(0)
  for (const metrics of [scraped, unasked]) metrics.close()
  const last = await collected(scraped)
  const witness = createMetrics({ onBug })
  await collected(witness)
  collect()
  await expect.poll(() => collected(witness)).toBeGreaterThan(0)
  witness.close()
  expect([await collected(scraped), await collected(unasked)]).toEqual([last, 0])
})
