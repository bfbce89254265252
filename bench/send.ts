// `npm run bench:send`: how many durable messages a second, as ratios inside one run. See README.md.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createDoors, type Door, type Named } from './doors.ts'
import { rowsPerSecond } from './direct-rows.ts'
import { fillConversations } from './fill.ts'
import { load, type LoadResult } from './load.ts'
import { openBench } from './running-server.ts'

const CONNECTIONS = [1, 16, 64, 256]
const CONVERSATIONS = 10_000
const SECONDS = Number(process.env.BENCH_SECONDS ?? 10)
const WARM_UP = 3

await using bench = await openBench({ postgres: { max_connections: '320' } })
const { account, port } = bench.server
const channelOf = (wanted: string) => account.channels.find(({ kind }) => kind === wanted)?.id ?? ''
const channelId = channelOf('whatsapp')
const conversations = await fillConversations(bench.client, account, channelId, CONVERSATIONS)
/** A custom app without a webhook fetches its messages: they are sent once they are committed, and nothing is dispatched. */
const fetched = await fillConversations(bench.client, account, channelOf('custom_app'), CONVERSATIONS)
const doors = createDoors(account, channelId)
const spread = (index: number): Named => conversations[(index * 7919) % conversations.length] ?? HOT
const HOT = conversations[0] ?? { number: 0, id: '' }

const through = (door: Door, connections: number, pick: (index: number) => Named = spread) =>
  load(port, { connections, seconds: SECONDS, next: (index) => doors[door](pick(index)) })

const bare = fork(join(import.meta.dirname, 'bare-route.ts'))
const [bareAddress] = (await once(bare, 'message')) as [{ port: number }]
const bareRoute = (connections: number) =>
  load(bareAddress.port, { connections, seconds: SECONDS / 2, next: (index) => doors.blinger(spread(index)) })
const rows = {
  ...{ databaseUrl: bench.databaseUrl, accountId: account.id, channelId, conversations },
  operatorId: account.operators[0]?.id ?? '',
}

await load(port, { connections: 64, seconds: WARM_UP, next: (index) => doors.blinger(spread(index)) })
await load(bareAddress.port, { connections: 64, seconds: 1, next: (index) => doors.blinger(spread(index)) })

const sends = []
for (const connections of CONNECTIONS) {
  const alone = await through(
    'blinger',
    connections,
    (index) => fetched[(index * 7919) % fetched.length] ?? HOT,
  )
  const dispatched = await through('blinger', connections)
  const route = await bareRoute(connections)
  const direct = await rowsPerSecond(rows, { clients: connections, seconds: SECONDS / 2 })
  sends.push({ connections, alone, dispatched, route, direct })
  for (const [what, ours] of Object.entries({ 'sent alone': alone, dispatched }))
    show(`blinger, ${connections} connections, ${what}`, ours, [
      `÷ bare route ${(ours.requestsPerSecond / route.requestsPerSecond).toFixed(2)}`,
      `÷ one row a commit ${(ours.requestsPerSecond / direct).toFixed(2)}`,
    ])
}

const others = []
for (const door of ['linktor', 'pact', 'widget'] as const) {
  const before = await through('blinger', 64)
  const theirs = await through(door, 64)
  const after = await through('blinger', 64)
  const blinger = (before.requestsPerSecond + after.requestsPerSecond) / 2
  others.push({ door, theirs, blinger })
  show(`${door}, 64 connections`, theirs, [`÷ blinger ${(theirs.requestsPerSecond / blinger).toFixed(2)}`])
}

const ten = await through('blinger', 10)
const hot = await through('blinger', 10, () => HOT)
show('blinger, 10 connections, spread', ten, [])
show('blinger, 10 connections, one conversation', hot, [
  `÷ spread ${(hot.requestsPerSecond / ten.requestsPerSecond).toFixed(2)}`,
])

console.log(JSON.stringify({ benchmark: 'send', node: process.version, sends, others, ten, hot }))
bare.kill()

function show(what: string, result: LoadResult, ratios: string[]) {
  const { requestsPerSecond, p50, p99, failures } = result
  const figures = `${requestsPerSecond.toFixed(0).padStart(6)} /s  p50 ${p50.toFixed(1)} ms  p99 ${p99.toFixed(1)} ms`
  const failed = failures > 0 ? [`${failures} FAILED`] : []
  console.log(`${what.padEnd(42)}${[figures, ...ratios, ...failed].join('  ')}`)
}
