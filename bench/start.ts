// `npm run bench`: how long from nothing to the first answer, and how much memory an idle server takes. See README.md.
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'
import { descendantsOf, pssOf } from './processes.ts'

const RUNS = 5
const IDLE_MS = 5000
const CLI = join(import.meta.dirname, '../server/src/main/cli.ts')
/** The token of a stranger is looked up in the database and refused: a whole way there and back, without a seed. */
const API_PATH = '/v1/conversations'

interface Started {
  child: ChildProcess
  origin: string
  startedAt: number
}

interface Run {
  firstStartMs: number
  firstApiCallMs: number | null
  nextStartMs: number
  serverMb: number
  databaseMb: number
  stopMs: number
}

async function start(dataDir: string): Promise<Started> {
  const startedAt = performance.now()
  const child = spawn(process.execPath, [CLI, 'serve'], {
    env: { PATH: process.env.PATH, PORT: '0', PARLEY_DATA_DIR: dataDir },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  for await (const line of createInterface({ input: child.stdout })) {
    const entry: unknown = JSON.parse(line)
    if (entry && typeof entry === 'object' && 'address' in entry && typeof entry.address === 'string') {
      child.stdout.resume()
      return { child, origin: entry.address, startedAt }
    }
  }
  throw new Error('the server ended before it listened')
}

async function ask(url: string): Promise<number> {
  const response = await fetch(url, { headers: { authorization: 'Bearer nobody' } })
  await response.arrayBuffer()
  return response.status
}

async function stop(child: ChildProcess): Promise<number> {
  const began = performance.now()
  child.kill('SIGINT')
  await once(child, 'exit')
  return performance.now() - began
}

async function measure(): Promise<Run> {
  const dataDir = await mkdtemp(join(tmpdir(), 'parley-bench-'))
  try {
    const first = await start(dataDir)
    await ask(`${first.origin}/health`)
    const firstStartMs = performance.now() - first.startedAt
    const status = await ask(`${first.origin}${API_PATH}`)
    const firstApiCallMs = status === 404 ? null : performance.now() - first.startedAt
    await delay(IDLE_MS)
    const memory = readMemory(first.child.pid ?? 0)
    const stopMs = await stop(first.child)

    const next = await start(dataDir)
    await ask(`${next.origin}/health`)
    const nextStartMs = performance.now() - next.startedAt
    await stop(next.child)
    return { firstStartMs, firstApiCallMs, nextStartMs, ...memory, stopMs }
  } finally {
    await rm(dataDir, { recursive: true, force: true })
  }
}

function readMemory(server: number): { serverMb: number; databaseMb: number } {
  const below = descendantsOf(server)
  return { serverMb: pssOf(server), databaseMb: below.reduce((sum, pid) => sum + pssOf(pid), 0) }
}

function show(title: string, values: (number | null)[], unit: string) {
  const known = values.filter((value) => value !== null).sort((a, b) => a - b)
  const at = (index: number) => (known[index] === undefined ? '-' : known[index].toFixed(0)).padStart(8)
  const middle = Math.floor((known.length - 1) / 2)
  console.log(`${title.padEnd(26)}${at(0)}${at(middle)}${at(known.length - 1)}  ${unit}`)
}

const runs: Run[] = []
for (let count = 1; count <= RUNS; count++) {
  process.stderr.write(`run ${count} of ${RUNS}\n`)
  runs.push(await measure())
}

console.log(`${''.padEnd(26)}${['least', 'median', 'most'].map((word) => word.padStart(8)).join('')}`)
const pick = (key: keyof Run) => runs.map((run) => run[key])
show('first start to /health', pick('firstStartMs'), 'ms')
show('first start to API call', pick('firstApiCallMs'), 'ms')
show('next start to /health', pick('nextStartMs'), 'ms')
show('stop', pick('stopMs'), 'ms')
show('idle memory: server', pick('serverMb'), 'MB')
show('idle memory: database', pick('databaseMb'), 'MB')
const totals = runs.map(({ serverMb, databaseMb }) => serverMb + databaseMb)
show('idle memory: together', totals, 'MB')
console.log(JSON.stringify({ benchmark: 'start', node: process.version, runs }))
