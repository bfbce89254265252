// `npm run bench:lists`: lists and search over a million conversations against ten thousand, as ratios inside one run. See README.md.
import { createDoors } from './doors.ts'
import { load } from './load.ts'
import { loadConversations } from './loading/load-conversations.ts'
import { nameOf, WORDS } from './loading/words.ts'
import { openBench, type Bench } from './running-server.ts'

const SMALL = 10_000
const LARGE = Number(process.env.BENCH_CONVERSATIONS ?? 1_000_000)
const TIMES = Number(process.env.BENCH_TIMES ?? 200)
const SEND_SECONDS = 8

interface Place {
  bench: Bench
  size: number
  /** A sample of conversations, by number. */
  numbers: number[]
}

async function fill(size: number): Promise<Place> {
  const bench = await openBench()
  const startedAt = performance.now()
  const { account } = bench.server
  await loadConversations(bench.client, { accountId: account.id, conversations: size, now: new Date() })
  console.log(`${size} conversations loaded in ${((performance.now() - startedAt) / 1000).toFixed(0)} s`)
  const { rows } = await bench.client.query<{ number: string }>(
    `select number from conversation where account_id = $1 order by md5(id::text) limit 1000`,
    [account.id],
  )
  return { bench, size, numbers: rows.map(({ number }) => Number(number)) }
}

type Ask = (place: Place, index: number) => { path: string; headers: Record<string, string> }

const blinger =
  (path: string): Ask =>
  ({ bench, numbers }, index) => ({
    path: path.replace('{}', String(numbers[index % numbers.length])),
    headers: { authentication: bench.server.account.tokens.blingerApp },
  })
const linktor =
  (query: (place: Place, index: number) => string): Ask =>
  (place, index) => ({
    path: `/v1/conversations?${query(place, index)}`,
    headers: { authorization: `Bearer ${place.bench.server.account.tokens.linktor}` },
  })

/** Pages deep in: each from the cursor of a page somewhere in the list. */
const cursors = new Map<Place, string[]>()
const pactPath = ({ bench }: Place) => `/p1/companies/${bench.server.account.number}/conversations`
const pactHeaders = ({ bench }: Place) => ({ 'x-private-api-token': bench.server.account.tokens.pact })

const CALLS: Record<string, Ask> = {
  unassigned: blinger('/api/conversations/unassigned'),
  unread: blinger('/api/conversations/unread'),
  unanswered: blinger('/api/conversations/not-answered'),
  'Linktor list': linktor(() => 'limit=20'),
  'Linktor list, open': linktor(() => 'limit=20&status=open'),
  get: blinger('/api/conversations/get?conversation_id={}'),
  'Pact page, deep in': (place, index) => ({
    path: `${pactPath(place)}?per=50&from=${cursors.get(place)?.[index % 20] ?? ''}`,
    headers: pactHeaders(place),
  }),
  'search, a name': linktor(
    ({ size }, index) => `search=${encodeURIComponent(nameOf((index * 7919) % size))}`,
  ),
  'search, a rare word': linktor((_place, index) => `search=${WORDS[5000 + ((index * 31) % 10_000)]}`),
  'search, a common word': linktor((_place, index) => `search=${WORDS[index % 60]}`),
}

async function ask(place: Place, call: Ask, index: number): Promise<number> {
  const { path, headers } = call(place, index)
  const startedAt = performance.now()
  const answer = await fetch(`http://127.0.0.1:${place.bench.server.port}${path}`, { headers })
  await answer.arrayBuffer()
  if (!answer.ok) throw new Error(`${path} was answered ${answer.status}`)
  return performance.now() - startedAt
}

async function collectCursors(place: Place): Promise<void> {
  const found: string[] = []
  let from = ''
  for (let page = 0; page < 20; page += 1) {
    const url = `http://127.0.0.1:${place.bench.server.port}${pactPath(place)}?per=100${from && `&from=${from}`}`
    const answer = await fetch(url, { headers: pactHeaders(place) })
    const { data } = (await answer.json()) as { data: { next_page?: string } }
    from = encodeURIComponent(data.next_page ?? '')
    found.push(from)
  }
  cursors.set(place, found)
}

const at = (sorted: number[], share: number) =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0

/** Both places in turn, so that whatever else the machine does falls on both alike. */
async function compare(name: string, call: Ask, [small, large]: [Place, Place]) {
  const times = new Map<Place, number[]>([
    [small, []],
    [large, []],
  ])
  for (let index = 0; index < TIMES + 20; index += 1)
    for (const place of [small, large]) {
      const took = await ask(place, call, index)
      if (index >= 20) times.get(place)?.push(took)
    }
  const [few = [], many = []] = [...times.values()].map((each) => each.sort((a, b) => a - b))
  const result = { p50: [at(few, 0.5), at(many, 0.5)], p99: [at(few, 0.99), at(many, 0.99)] }
  const ratio = at(many, 0.99) / at(few, 0.99)
  const cell = (value: number) => value.toFixed(1).padStart(8)
  console.log(
    `${name.padEnd(24)}p50${result.p50.map(cell).join('')} ms  p99${result.p99.map(cell).join('')} ms  ratio ${ratio.toFixed(2)}`,
  )
  return { name, ...result, ratio }
}

async function sendRate({ bench, numbers }: Place): Promise<number> {
  const { account, port } = bench.server
  const doors = createDoors(account, '')
  const next = (index: number) => doors.blinger({ number: numbers[index % numbers.length] ?? 0, id: '' })
  const { requestsPerSecond } = await load(port, { connections: 64, seconds: SEND_SECONDS, next })
  return requestsPerSecond
}

const small = await fill(SMALL)
const large = await fill(LARGE)
for (const place of [small, large]) await collectCursors(place)
console.log(`${''.padEnd(24)}   ${String(SMALL).padStart(8)}${String(LARGE).padStart(8)}`)
const results = []
for (const [name, call] of Object.entries(CALLS)) results.push(await compare(name, call, [small, large]))
const sends = []
for (const place of [small, large, small, large]) sends.push(await sendRate(place))
const [s1 = 0, l1 = 0, s2 = 0, l2 = 0] = sends
console.log(
  `sends ${s1.toFixed(0)} ${l1.toFixed(0)} ${s2.toFixed(0)} ${l2.toFixed(0)} /s  ratio ${((l1 + l2) / (s1 + s2)).toFixed(2)}`,
)
console.log(
  JSON.stringify({ benchmark: 'lists', node: process.version, sizes: [SMALL, LARGE], results, sends }),
)
for (const { bench } of [large, small]) await bench[Symbol.asyncDispose]()
