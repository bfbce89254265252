import { expect, test } from 'vitest'
import { openWebhookDesk } from './delivery/webhook-desk.ts'

test('what became of webhooks is in the numbers: tries, what waits, what was given up, paused, and how late', async () => {
  await using desk = await openWebhookDesk()
  const { house, sink, subscribe, say } = desk
  const scrape = async (): Promise<Map<string, number>> => {
    const { text } = await house.request({ method: 'GET', url: '/metrics' })
    const lines = text.split('\n').filter((line) => line.startsWith('parley_webhook'))
    return new Map(
      lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.split(' ').at(-1))]),
    )
  }
  const said = { events: ['message.queued'] }
  const status: Record<string, number> = { '/waits': 500, '/lost': 503, '/gone': 410, '/takes': 200 }
  sink.behave(({ path }, response) => void response.writeHead(status[path] ?? 404).end())
  const before = await scrape()
  await subscribe({ ...said, url: sink.url('/waits') })
  await subscribe({ ...said, url: sink.url('/lost'), maxAttempts: 1 })
  await subscribe({ ...said, url: sink.url('/gone') })
  await subscribe({ dialect: 'linktor', events: ['message.sent'], url: sink.url('/takes') })
  await say('one')
  await house.settle()
  const after = await scrape()
  const grown = (key: string) => (after.get(`parley_${key}`) ?? 0) - (before.get(`parley_${key}`) ?? 0)
  const grew = Object.fromEntries(
    [
      'webhook_attempts_total{dialect="native",outcome="failed"}',
      'webhook_attempts_total{dialect="native",outcome="succeeded"}',
      'webhook_attempts_total{dialect="linktor",outcome="failed"}',
      'webhook_attempts_total{dialect="linktor",outcome="succeeded"}',
      'webhook_attempt_seconds_count{dialect="native"}',
      'webhook_lag_seconds_count{dialect="linktor"}',
      'webhook_deliveries{dialect="native",status="pending"}',
      'webhook_deliveries{dialect="native",status="failed"}',
      'webhook_deliveries{dialect="linktor",status="pending"}',
      'webhook_deliveries{dialect="linktor",status="failed"}',
      'webhooks{dialect="native",state="active"}',
      'webhooks{dialect="native",state="paused"}',
      'webhooks{dialect="linktor",state="active"}',
      'webhooks{dialect="linktor",state="paused"}',
      'webhook_pauses_total{dialect="native"}',
      'webhook_pauses_total{dialect="linktor"}',
    ].map((key) => [key, grown(key)]),
  )
  expect(grew).toEqual({
    'webhook_attempts_total{dialect="native",outcome="failed"}': 3,
    'webhook_attempts_total{dialect="native",outcome="succeeded"}': 0,
    'webhook_attempts_total{dialect="linktor",outcome="failed"}': 0,
    'webhook_attempts_total{dialect="linktor",outcome="succeeded"}': 1,
    'webhook_attempt_seconds_count{dialect="native"}': 3,
    'webhook_lag_seconds_count{dialect="linktor"}': 1,
    'webhook_deliveries{dialect="native",status="pending"}': 1,
    'webhook_deliveries{dialect="native",status="failed"}': 2,
    'webhook_deliveries{dialect="linktor",status="pending"}': 0,
    'webhook_deliveries{dialect="linktor",status="failed"}': 0,
    'webhooks{dialect="native",state="active"}': 2,
    'webhooks{dialect="native",state="paused"}': 1,
    'webhooks{dialect="linktor",state="active"}': 1,
    'webhooks{dialect="linktor",state="paused"}': 0,
    'webhook_pauses_total{dialect="native"}': 1,
    'webhook_pauses_total{dialect="linktor"}': 0,
  })

  const oldest = async () => {
    const now = await scrape()
    return ['native', 'linktor'].map((dialect) =>
      now.get(`parley_webhook_oldest_lag_seconds{dialect="${dialect}"}`),
    )
  }
  // That one of them was paused has happened since.
  await house.settle()
  expect(await oldest()).toEqual([0, 0])
  await say('two')
  house.clock.advance(90_000)
  for (const seconds of await oldest()) expect(Math.floor(seconds ?? 0)).toBe(90)
  await house.settle()
  expect(await oldest()).toEqual([0, 0])
  // A repeat of what failed is a try like any other; nobody's address or account is told.
  const late = await scrape()
  expect(late.get('parley_webhook_attempts_total{dialect="linktor",outcome="succeeded"}')).toBe(
    (before.get('parley_webhook_attempts_total{dialect="linktor",outcome="succeeded"}') ?? 0) + 2,
  )
  for (const key of late.keys()) {
    expect(key).not.toContain(sink.place)
    expect(key).not.toMatch(/account|[0-9a-f]{8}-[0-9a-f]{4}-/)
  }
})
