// `npm run bench:memory`: what the server's memory grows by over a million sends. See README.md.
import { setTimeout as delay } from 'node:timers/promises'
import { createDoors } from './doors.ts'
import { fillConversations } from './fill.ts'
import { load } from './load.ts'
import { openBench } from './running-server.ts'
import { pssOf } from './processes.ts'

const SENDS = Number(process.env.BENCH_SENDS ?? 1_000_000)
const WARM_UP = 20_000
const STEPS = 5
const REST_MS = 10_000

await using bench = await openBench()
const { account, port, child } = bench.server
const channelId = account.channels.find(({ kind }) => kind === 'whatsapp')?.id ?? ''
const conversations = await fillConversations(bench.client, account, channelId, 10_000)
const { blinger } = createDoors(account, channelId)

async function send(amount: number): Promise<number> {
  const next = (index: number) =>
    blinger(conversations[(index * 7919) % conversations.length] ?? { number: 0, id: '' })
  const { failures } = await load(port, { connections: 64, amount, next })
  if (failures > 0) console.log(`${failures} FAILED`)
  await delay(REST_MS)
  return pssOf(child.pid ?? 0)
}

const base = await send(WARM_UP)
console.log(`after ${WARM_UP} sends ${base.toFixed(0)} MB`)
const readings = []
for (let step = 1; step <= STEPS; step += 1) {
  const megabytes = await send(SENDS / STEPS)
  readings.push({ sends: (SENDS / STEPS) * step, megabytes })
  console.log(
    `after ${(SENDS / STEPS) * step} more ${megabytes.toFixed(0)} MB, ${(megabytes - base).toFixed(0)} MB above`,
  )
}
console.log(JSON.stringify({ benchmark: 'memory', node: process.version, base, readings }))
