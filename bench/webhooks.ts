// `npm run bench:webhooks`: how fast endpoints are told, what bad ones cost the others, and what telling costs whoever sends. See README.md.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { createDoors, type Named } from './doors.ts'
import { fillConversations } from './fill.ts'
import { load } from './load.ts'
import { openBench } from './running-server.ts'
import type { Arrivals } from './sinks.ts'
import { sendSteadily } from './steady.ts'

const CONVERSATIONS = 2000
const SECONDS = Number(process.env.BENCH_SECONDS ?? 10)
const BACKLOG = Number(process.env.BENCH_BACKLOG ?? 100_000)
/** Offered while lags are measured: events a second, each for every endpoint. */
const RATE = 25
const ENDPOINTS = 20

await using bench = await openBench({
  postgres: { max_connections: '120' },
  server: { PARLEY_FETCH_ALLOW: '127.0.0.0/8' },
})
const { account, port } = bench.server
// A custom app without a webhook of its own fetches its messages: each is one event, and nothing is dispatched.
const channelId = account.channels.find(({ kind }) => kind === 'custom_app')?.id ?? ''
const conversations = await fillConversations(bench.client, account, channelId, CONVERSATIONS)
const { blinger } = createDoors(account, channelId)
const spread = (index: number): Named => conversations[(index * 7919) % conversations.length]!

const sinks = fork(join(import.meta.dirname, 'sinks.ts'))
const [sinkPort] = (await once(sinks, 'message')) as [number]
async function arrived(): Promise<Record<string, Arrivals>> {
  sinks.send('report')
  const [report] = (await once(sinks, 'message')) as [Record<string, Arrivals>]
  return report
}

const authorization = `Bearer ${account.tokens.native}`
const api = async (method: string, path: string, body?: object) => {
  const answer = await fetch(`http://127.0.0.1:${port}/parley/v1${path}`, {
    method,
    headers: { authorization, ...(body && { 'content-type': 'application/json' }) },
    ...(body && { body: JSON.stringify(body) }),
  })
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`)
  return (answer.status === 204 ? {} : await answer.json()) as { id: string; stats: { lagSeconds: number } }
}
const subscribe = async (path: string) =>
  (await api('POST', '/webhooks', { url: `http://127.0.0.1:${sinkPort}${path}`, events: ['message.queued'] }))
    .id
/** As if it had failed for days: what happens is kept for it. */
const pause = (id: string) =>
  bench.client.query(
    `update webhook set is_active = false, pause = 'failing', updated_at = now() where id = $1`,
    [id.replace('wh_', '').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')],
  )
const told = async (id: string) => {
  while ((await api('GET', `/webhooks/${id}`)).stats.lagSeconds > 0) await delay(200)
}
const sends = (seconds: number) =>
  load(port, { connections: 64, seconds, next: (index) => blinger(spread(index)) })
const percentile = (values: number[], share: number) =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ??
  Number.NaN

await sends(3)

// What telling costs whoever sends.
const without = await sends(SECONDS)
const first = await subscribe('/good-1')
const withOne = await sends(SECONDS)
const again = (without.requestsPerSecond + (await afterwards()).requestsPerSecond) / 2
async function afterwards() {
  await told(first)
  await api('PATCH', `/webhooks/${first}`, { isActive: false })
  return sends(SECONDS)
}
console.log(
  `sends without ${again.toFixed(0)} /s, with one webhook ${withOne.requestsPerSecond.toFixed(0)} /s: ` +
    `${(withOne.requestsPerSecond / again).toFixed(2)} (p99 ${without.p99} and ${withOne.p99} ms)`,
)

// One fast endpoint.
await api('PATCH', `/webhooks/${first}`, { isActive: true })
await pause(first)
await delay(3000)
const behind = await load(port, { connections: 64, amount: 20_000, next: (index) => blinger(spread(index)) })
await arrived()
await api('PATCH', `/webhooks/${first}`, { isActive: true })
await told(first)
const fast = (await arrived())['/good-1']!
const perSecond = fast.count / ((fast.last - fast.first) / 1000)
console.log(`one fast endpoint: ${perSecond.toFixed(0)} events/s (${fast.count} of a backlog)`)
await api('DELETE', `/webhooks/${first}`)

// Twenty endpoints, all good; then three of them bad.
async function lagsOf(paths: string[]) {
  const ids = await Promise.all(paths.map(subscribe))
  await delay(2000)
  await arrived()
  const requests = Array.from({ length: 500 }, (_, index) => blinger(spread(index)))
  const stop = sendSteadily({ port, rate: RATE, requests })
  await delay(2 * SECONDS * 1000)
  await stop()
  await delay(2000)
  const report = await arrived()
  await Promise.all(ids.map((id) => api('DELETE', `/webhooks/${id}`)))
  const lags = Object.entries(report).flatMap(([path, { lags: own }]) =>
    path.startsWith('/good') ? own : [],
  )
  return { count: lags.length, p50: percentile(lags, 0.5), p99: percentile(lags, 0.99) }
}
const goodOnes = (count: number) => Array.from({ length: count }, (_, index) => `/good-${index}`)
const allGood = await lagsOf(goodOnes(ENDPOINTS))
const someBad = await lagsOf([...goodOnes(ENDPOINTS - 3), '/hangs', '/drips', '/fails'])
console.log(
  `${ENDPOINTS} endpoints, ${RATE} events/s: lag p50 ${allGood.p50} p99 ${allGood.p99} ms; of ${ENDPOINTS - 3} good ones beside ` +
    `three bad ones p50 ${someBad.p50} p99 ${someBad.p99} ms: ${(someBad.p99 / allGood.p99).toFixed(2)}`,
)

// A backlog drains while others are told what happens now.
const late = await subscribe('/good-late')
await pause(late)
await delay(1000)
await load(port, { connections: 64, amount: BACKLOG, next: (index) => blinger(spread(index)) })
const fresh = await subscribe('/good-fresh')
await delay(1000)
await arrived()
const requests = Array.from({ length: 500 }, (_, index) => blinger(spread(index)))
const stop = sendSteadily({ port, rate: RATE, requests })
const began = performance.now()
await api('PATCH', `/webhooks/${late}`, { isActive: true })
let drained = 0
const lags: number[] = []
while (drained < BACKLOG) {
  await delay(1000)
  const report = await arrived()
  drained += report['/good-late']?.count ?? 0
  lags.push(...(report['/good-fresh']?.lags ?? []))
}
const seconds = (performance.now() - began) / 1000
await stop()
console.log(
  `a backlog of ${BACKLOG} drains in ${seconds.toFixed(0)} s (${(BACKLOG / seconds).toFixed(0)} /s); ` +
    `beside it ${lags.length} fresh events elsewhere: lag p50 ${percentile(lags, 0.5)} p99 ${percentile(lags, 0.99)} ms`,
)
console.log(
  JSON.stringify({
    ...{ benchmark: 'webhooks', node: process.version, without, withOne, perSecond, behind },
    ...{
      allGood,
      someBad,
      drainSeconds: seconds,
      fresh: { count: lags.length, p99: percentile(lags, 0.99) },
    },
  }),
)
await api('DELETE', `/webhooks/${fresh}`)
sinks.kill()
