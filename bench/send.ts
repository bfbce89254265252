// `npm run bench:send`: how many durable messages a second, as ratios inside one run. See README.md.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import { createLogger } from '../server/src/platform/logger.ts'
import { openPostgres } from '../server/src/platform/postgres/open.ts'
import { fillConversations } from './fill.ts'
import { load, type LoadResult, type WireRequest } from './http-load.ts'
import { startDemo } from './running-server.ts'

const CONNECTIONS = [1, 16, 64, 256]
const CONVERSATIONS = 10_000
const SECONDS = Number(process.env.BENCH_SECONDS ?? 8)

const dataDir = await mkdtemp(join(tmpdir(), 'parley-bench-'))
const log = createLogger('error')
await using postgres = await openPostgres({ dataDir: join(dataDir, 'database'), log })
await using server = await startDemo(join(dataDir, 'server'), postgres.url)
const client = new Client({ connectionString: postgres.url })
await client.connect()
const whatsapp = server.account.channels.find(({ kind }) => kind === 'whatsapp')
const conversations = await fillConversations(client, server.account, whatsapp?.id ?? '', CONVERSATIONS)
const bare = fork(join(import.meta.dirname, 'bare-route.ts'))
const [bareAddress] = (await once(bare, 'message')) as [{ port: number }]

const TEXT = 'Good morning, your parcel left our house today and should be with you on Thursday.'
const pick = (index: number) => conversations[(index * 7919) % conversations.length] ?? { number: 0, id: '' }
const json = (path: string, headers: Record<string, string>, body: object): WireRequest => ({
  method: 'POST',
  path,
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify(body),
})
const blinger = (index: number) =>
  json(
    '/api/conversations/send-message',
    { authentication: server.account.tokens.blingerApp },
    { conversation_id: pick(index).number, text: TEXT },
  )

let rowSeq = 1_000_000

/** One row a commit, by as many direct clients: what the same disk gives without us. */
async function rowsPerCommit(connections: number): Promise<LoadResult> {
  const clients = await Promise.all(
    Array.from({ length: Math.min(connections, 16) }, async () => {
      const opened = new Client({ connectionString: postgres.url })
      await opened.connect()
      return opened
    }),
  )
  let count = 0
  const startedAt = performance.now()
  const endsAt = startedAt + SECONDS * 1000
  await Promise.all(
    clients.map(async (opened) => {
      while (performance.now() < endsAt) {
        const { id } = pick(count++)
        await opened.query({
          name: 'row',
          text: ROW,
          values: [server.account.id, id, whatsapp?.id, rowSeq++, TEXT],
        })
      }
      await opened.end()
    }),
  )
  return { requestsPerSecond: count / ((performance.now() - startedAt) / 1000), p50: 0, p99: 0, failures: 0 }
}

const ROW = `insert into message (account_id, id, conversation_id, channel_id, seq, kind, direction, author_kind, text, status,
  is_echo, is_echo_outgoing, is_history, send_to_crm, metadata, micros, occurred_at, created_at, updated_at)
  values ($1, gen_random_uuid(), $2, $3, $4, 'text', 'outbound', 'operator', $5, 'sent', false, false, false, true, '{}', 0, now(), now(), now())`

const results = []
for (const connections of CONNECTIONS) {
  const ours = await load(server.port, { connections, seconds: SECONDS, next: blinger })
  const route = await load(bareAddress.port, { connections, seconds: Math.min(SECONDS, 4), next: blinger })
  const rows = await rowsPerCommit(connections)
  results.push({ connections, ours, route, rows })
  console.log(
    `${String(connections).padStart(4)}  ${ours.requestsPerSecond.toFixed(0).padStart(6)} /s  p50 ${ours.p50.toFixed(1)} ms  p99 ${ours.p99.toFixed(1)} ms` +
      `  ÷ bare route ${(ours.requestsPerSecond / route.requestsPerSecond).toFixed(2)}  ÷ one row a commit ${(ours.requestsPerSecond / rows.requestsPerSecond).toFixed(2)}` +
      (ours.failures > 0 ? `  ${ours.failures} FAILED` : ''),
  )
}
console.log(JSON.stringify(results))
bare.kill()
await client.end()
await server[Symbol.asyncDispose]()
await postgres.close()
await rm(dataDir, { recursive: true, force: true })
process.exit(0)
