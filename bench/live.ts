// `npm run bench:live`: how fast what is said reaches the other side, and what many idle visitors cost. See README.md.
import { setTimeout as delay } from 'node:timers/promises'
import { createDoors, TEXT } from './doors.ts'
import { fillConversations } from './fill.ts'
import { load } from './load.ts'
import { pssOf } from './processes.ts'
import { openBench } from './running-server.ts'
import { sendSteadily } from './steady.ts'
import { allOn, beginSessions, openVisitors, type Visitor } from './visitors.ts'

const IDLE = Number(process.env.BENCH_SOCKETS ?? 10_000)
const SENDS = Number(process.env.BENCH_SENDS ?? 500)
const RATE = 1000
const TALKING = 50
const REST_MS = 5000

const unbounded = {
  ...{
    PARLEY_VISITOR_RATE_LIMIT: '10000000',
    PARLEY_SOCKETS_PER_ADDRESS: '1000000',
    PORT: String(20_000 + (process.pid % 10_000)),
  },
}
await using bench = await openBench({ server: unbounded })
const { account, port } = bench.server
const webchat = account.channels.find(({ widgetKey }) => widgetKey)
const place = { port, widgetKey: webchat?.widgetKey ?? '' }
const channelId = account.channels.find(({ kind }) => kind === 'custom_app')?.id ?? ''
const others = await fillConversations(bench.client, account, channelId, 1000)
const { blinger } = createDoors(account, channelId)
const background = (index: number) => blinger(others[(index * 7919) % others.length] ?? { number: 0, id: '' })

const quantile = (sorted: number[], q: number) =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? 0
const told = (values: number[]) => {
  const sorted = values.toSorted((a, b) => a - b)
  return { p50: quantile(sorted, 0.5), p99: quantile(sorted, 0.99), max: sorted.at(-1) ?? 0 }
}
const say = (name: string, { p50, p99, max }: ReturnType<typeof told>) =>
  console.log(
    `${name.padEnd(46)} p50 ${p50.toFixed(1)} ms   p99 ${p99.toFixed(1)} ms   max ${max.toFixed(1)} ms`,
  )

/** Our side says something by HTTP; the moment of the request to the moment its frame is at the visitor's. */
async function toVisitors(
  visitors: Visitor[],
  count: number,
  pauseMs: number,
): Promise<ReturnType<typeof told>> {
  const times: number[] = []
  for (let index = 0; index < count; index += 1) {
    const visitor = visitors[index % visitors.length]
    if (!visitor?.conversationId) throw new Error('a visitor without a conversation')
    const text = `${TEXT} ${index}`
    const begun = performance.now()
    const came = new Promise<number>((resolve) => {
      visitor.onMessage = (said, at) => said === text && resolve(at)
    })
    const answer = await fetch(
      `http://127.0.0.1:${port}/parley/v1/conversations/conv_${visitor.conversationId.replaceAll('-', '')}/messages`,
      {
        method: 'POST',
        headers: { authorization: `Bearer ${account.tokens.native}`, 'content-type': 'application/json' },
        body: JSON.stringify({ text }),
      },
    )
    if (!answer.ok) throw new Error(`a send: ${answer.status}`)
    times.push((await came) - begun)
    await delay(pauseMs)
  }
  return told(times)
}

/** Sends in other conversations, at a steady rate, until stopped. */
const steady = (rate: number) =>
  sendSteadily({ port, rate, requests: Array.from({ length: 1000 }, (_, index) => background(index)) })

const talking = await openVisitors(place, await beginSessions(place, TALKING, () => 'Hello'))
await toVisitors(talking, 100, 0)
const idle = await toVisitors(talking, SENDS, 10)
say('send → visitor’s socket, idle', idle)
await load(port, { connections: 32, seconds: 1, next: background })
const stopLoad = steady(RATE)
await delay(2000)
const loaded = await toVisitors(talking, SENDS, 10)
const under = await stopLoad()
say(`send → visitor’s socket, at ${RATE} messages/s`, loaded)
console.log(`  (${under.length} other messages were sent meanwhile)`)

// One in ten has said something. Their sessions are begun before anything is measured: the lines are what is asked for.
const sessions = await beginSessions(place, IDLE, (index) => (index % 10 === 0 ? 'Hello' : null))
// On a server that has done nothing else: what its heap has grown to before would be used up first.
await bench.restart()
await allOn(talking)
await delay(2 * REST_MS)
const before = pssOf(bench.server.child.pid ?? 0)
const sitting = await openVisitors(place, sessions)
await delay(2 * REST_MS)
const after = pssOf(bench.server.child.pid ?? 0)
const perSocket = ((after - before) * 1024) / IDLE
console.log(
  `${IDLE} idle visitors: ${before.toFixed(0)} MB → ${after.toFixed(0)} MB, ${perSocket.toFixed(1)} kB a socket`,
)
const besides = await toVisitors(talking, 200, 10)
say('send → visitor’s socket, beside them', besides)

const stopBase = steady(100)
await delay(5000)
const base = told(await stopBase())
say('sends at 100/s, before the restart', base)
await bench.restart()
const stopRush = steady(100)
const backMs = await allOn([...sitting, ...talking])
const rush = told(await stopRush())
console.log(`all ${IDLE + TALKING} are back ${(backMs / 1000).toFixed(1)} s after the server answers again`)
say('sends at 100/s, while they come back', rush)
for (const visitor of [...sitting, ...talking]) visitor.leave()
console.log(
  JSON.stringify({
    ...{ benchmark: 'live', node: process.version, idle, loaded, perSocketKb: perSocket, backMs },
    sends: { base, rush, ratio: rush.p99 / base.p99 },
  }),
)
