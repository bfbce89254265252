// Many writers commit out of order while readers follow by cursor: every event once, in an order that stays.
import { setTimeout as delay } from 'node:timers/promises'
import { Client as PgClient } from 'pg'
import { expect, test } from 'vitest'
import { follow, idsOf, logOf, readPage } from '../event-reader.ts'
import type { TestHouse } from '../house.ts'
import { openHouse } from '../house.ts'

const IS_LONG = process.env.PARLEY_FAULTS === 'long'
const EVENTS = IS_LONG ? 50_000 : 3000
/** Longest pause between two events of a transaction, inside the database. */
const PAUSE_MS = IS_LONG ? 500 : 40
const WRITERS = 64
const SENDERS = 4
const LIMIT_MS = IS_LONG ? 1_200_000 : 60_000
const SEED = Number(process.env.PARLEY_SEED ?? Date.now() % 1_000_000_007)

/** Numbers from 0 to 1 that follow from the seed alone (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** One transaction: some events with pauses in between; one in ten is rolled back. */
function transactionOf(random: () => number, accountId: string): { sql: string; events: number } {
  const events = 1 + Math.floor(random() * 6)
  const pause = () => `select pg_sleep(${((random() * PAUSE_MS) / 1000).toFixed(6)})`
  const insert = `insert into event (account_id, type, data, is_silent, created_at)
    values ('${accountId}', 'operator.updated', '{"operatorId":"${accountId}"}', false, now())`
  const steps = Array.from({ length: events }, () => [insert, pause()]).flat()
  const isKept = random() < 0.9
  // What another server would do after its commit.
  const end = isKept ? ['commit', `notify parley_events, 'a writer'`] : ['rollback']
  return { sql: ['begin', ...steps, ...end].join(';'), events: isKept ? events : 0 }
}

/** Writes until all writers together have written enough. */
async function write(house: TestHouse, seed: number, quota: { left: number }): Promise<void> {
  const client = new PgClient({ connectionString: house.databaseUrl })
  await client.connect()
  try {
    const random = randomFrom(seed)
    while (quota.left > 0) {
      const { sql, events } = transactionOf(random, house.fixture.id)
      quota.left -= events
      await client.query(sql)
    }
  } finally {
    await client.end()
  }
}

/** Real use cases meanwhile: a message that is received, or sent together with others'. */
async function send(house: TestHouse, sender: number, quota: { left: number }): Promise<void> {
  const channelId = house.fixture.channels.find(({ kind }) => kind === 'telegram')!.id
  const { number: conversation_id } = house.fixture.conversations[sender % 3]!
  for (let time = 0; quota.left > 0; time += 1) {
    const reply =
      time % 2 === 0
        ? await house.native.post('/sandbox/messages', { channelId, from: `${700_900 + sender}`, text: 'Hi' })
        : await house.blingerApp.post('/conversations/send-message', { conversation_id, text: 'Hello' })
    expect(reply.status, reply.text).toBeLessThan(300)
  }
}

/** Follows the log while there is writing, with a wait or by asking again and again; then reads whatever is left. */
async function readAlong(
  house: TestHouse,
  query: { limit: number; wait: number },
  quota: { left: number },
  count: Promise<number>,
): Promise<string[]> {
  const read: string[] = []
  let after: string | undefined
  while (quota.left > 0) {
    const page = await readPage(house.native, { ...query, ...(after && { after }) })
    read.push(...idsOf(page))
    after = page.cursor
    if (query.wait === 0 && !page.hasMore) await delay(5)
  }
  return [...read, ...idsOf(await follow(house.native, { count: (await count) - read.length, after }))]
}

/** What a reader got wrong; all zeros when it read each event once. */
function verdictOn(read: string[], expected: string[]) {
  const [seen, known] = [new Set(read), new Set(expected)]
  return {
    skipped: expected.filter((id) => !seen.has(id)).length,
    doubled: read.length - seen.size,
    strange: read.filter((id) => !known.has(id)).length,
  }
}

test(
  `${EVENTS} events of ${WRITERS} writers, seed ${SEED}: none skipped, none twice, one order`,
  async () => {
    await using house = await openHouse()
    const quota = { left: EVENTS }
    const writing = Promise.all([
      ...Array.from({ length: WRITERS }, (_, index) => write(house, SEED + index, quota)),
      ...Array.from({ length: SENDERS }, (_, index) => send(house, index, quota)),
    ])
    const count = writing.then(async () => (await logOf(house, house.fixture.id)).length)
    const ways = [
      { limit: 100, wait: 0 },
      { limit: 1000, wait: 2 },
      { limit: 37, wait: 2 },
    ]
    const readers = await Promise.all(ways.map((way) => readAlong(house, way, quota, count)))
    await writing
    const expected = await logOf(house, house.fixture.id)
    expect(expected.length).toBeGreaterThanOrEqual(EVENTS)
    const right = { skipped: 0, doubled: 0, strange: 0 }
    expect(readers.map((read) => verdictOn(read, expected))).toEqual(readers.map(() => right))
    for (const read of readers) expect(read).toEqual(expected)
    expect(idsOf(await follow(house.native, { count: expected.length, limit: 500 }))).toEqual(expected)
  },
  LIMIT_MS,
)
