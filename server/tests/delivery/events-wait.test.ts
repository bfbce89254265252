import { setImmediate } from 'node:timers/promises'
import { expect, test, vi } from 'vitest'
import type { LiveFeed } from '../../src/application/ports/live-feed.ts'
import type { Composed } from '../../src/main/compose.ts'
import { BEGINNING, composeForTests } from '../compose.ts'
import { follow, idsOf, logOf, now, openWriter, readPage } from '../event-reader.ts'
import type { TestHouse } from '../house.ts'
import { openHouse } from '../house.ts'

/** Waits for a condition that comes true by itself; how long it may take says nothing. */
const until = (isTrue: () => boolean | Promise<boolean>) =>
  vi.waitFor(async () => expect(await isTrue()).toBe(true), { timeout: 30_000, interval: 5 })

/** Seconds: shorter than the slow timer, which so cannot be what answers. */
const WAIT = 4
/** On a machine so busy that those seconds are over before the commit a test says nothing. */
const AGAIN = { retry: 2 }

/** How many wait at the moment, having looked. The feed stays the real one. */
function countWaiting({ tools }: Composed) {
  const { liveFeed } = tools
  const counts = { open: 0, waiting: 0 }
  const counted: LiveFeed = {
    ...liveFeed,
    watch: (accountId, patience) => {
      const watch = liveFeed.watch(accountId, patience)
      counts.open += 1
      return {
        next: async (isHeldBack) => {
          counts.waiting += 1
          const answer = await watch.next(isHeldBack)
          counts.waiting -= 1
          return answer
        },
        [Symbol.dispose]: () => {
          counts.open -= 1
          watch[Symbol.dispose]()
        },
      }
    },
  }
  tools.liveFeed = counted
  return counts
}

const speak = (house: TestHouse, from: string) =>
  house.native.post('/sandbox/messages', {
    channelId: house.fixture.channels.find(({ kind }) => kind === 'telegram')!.id,
    ...{ from, text: 'Hello' },
  })

const lineStands = (house: TestHouse) =>
  until(async () => {
    const rows = await house.sql(
      `select from pg_stat_activity where datname = current_database()
          and application_name = 'parley-wake-line' and state = 'idle' and query like '%listen%'`,
    )
    return rows.length > 0
  })

test('whoever waits is answered by the next commit of this account, and by no other', AGAIN, async () => {
  await using house = await openHouse()
  const counts = countWaiting(house.composed)
  const after = await now(house)
  const others = await now(house, house.other.native)
  const mine = readPage(house.native, { after, wait: WAIT })
  const theirs = readPage(house.other.native, { after: others, wait: 1 })
  await until(() => counts.waiting === 2)
  await speak(house, '700901')
  expect((await mine).events.map(({ type }) => type)).toContain('message.received')
  expect(await theirs).toEqual({ events: [], cursor: others, hasMore: false })
  expect(counts).toEqual({ open: 0, waiting: 0 })
})

test('messages that share a commit wake too', AGAIN, async () => {
  await using house = await openHouse()
  const counts = countWaiting(house.composed)
  const after = await now(house)
  const page = readPage(house.native, { after, wait: WAIT })
  await until(() => counts.waiting === 1)
  const { number: conversation_id } = house.fixture.conversations[0]!
  await house.blingerApp.post('/conversations/send-message', { conversation_id, text: 'Hello' })
  expect((await page).events.map(({ type }) => type)).toContain('message.queued')
})

test('a commit of another server on the database wakes', AGAIN, async () => {
  await using house = await openHouse()
  const counts = countWaiting(house.composed)
  const after = await now(house)
  const page = readPage(house.native, { after, wait: WAIT })
  await until(() => counts.waiting === 1)
  await lineStands(house)
  const another = await composeForTests(house.databaseUrl, house.dataDir, {
    clock: () => new Date(BEGINNING),
  })
  try {
    const said = await another.app.inject({
      method: 'POST',
      url: '/parley/v1/sandbox/messages',
      headers: { authorization: `Bearer ${house.fixture.tokens.native}` },
      payload: { channelId: house.fixture.channels[0]!.id, from: 'visitor-7', text: 'Hello' },
    })
    expect(said.statusCode).toBe(201)
    expect((await page).events.map(({ type }) => type)).toContain('message.received')
  } finally {
    await another.close()
  }
})

test('when the line was lost, everybody looks once it is back', AGAIN, async () => {
  await using house = await openHouse()
  await using writer = await openWriter(house.databaseUrl, house.fixture.id)
  const counts = countWaiting(house.composed)
  const after = await now(house)
  const page = readPage(house.native, { after, wait: WAIT })
  await until(() => counts.waiting === 1)
  await lineStands(house)
  // Committed by somebody who announces nothing.
  const id = await writer.insert()
  await house.sql(
    `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name = 'parley-wake-line'`,
  )
  expect(idsOf(await page)).toEqual([id])
})

test('what was held back is told soon after, though nobody announces it', AGAIN, async () => {
  await using house = await openHouse()
  await using slow = await openWriter(house.databaseUrl, house.fixture.id)
  const counts = countWaiting(house.composed)
  const after = await now(house)
  await slow.run('begin')
  const first = await slow.insert()
  const page = readPage(house.native, { after, wait: WAIT })
  await until(() => counts.waiting === 1)
  await speak(house, '700901')
  // The one who waits looks before this one does, and finds it held back too.
  expect((await readPage(house.native, { after })).events).toEqual([])
  await slow.run('commit')
  const { events } = await page
  expect(events[0]?.id).toBe(first)
  expect(events.map(({ type }) => type)).toContain('message.received')
})

test('an event that nobody announces is found by the slow timer', async () => {
  await using house = await openHouse()
  await using writer = await openWriter(house.databaseUrl, house.fixture.id)
  const counts = countWaiting(house.composed)
  const after = await now(house)
  const page = readPage(house.native, { after, wait: 50 })
  await until(() => counts.waiting === 1)
  await lineStands(house)
  const id = await writer.insert()
  expect(idsOf(await page)).toEqual([id])
})

test('a client that goes away waits no longer', async () => {
  await using house = await openHouse()
  const counts = countWaiting(house.composed)
  const after = await now(house)
  const origin = await house.composed.app.listen({ host: '127.0.0.1', port: 0 })
  const headers = { authorization: `Bearer ${house.fixture.tokens.native}` }
  const leave = new AbortController()
  const ask = (signal?: AbortSignal) =>
    fetch(`${origin}/parley/v1/events?after=${after}&wait=60`, { headers, signal })
  const left = ask(leave.signal).catch(() => 'left')
  const stayed = ask()
  await until(() => counts.waiting === 2)
  leave.abort()
  expect(await left).toBe('left')
  await until(() => counts.open === 1)
  await speak(house, '700901')
  expect((await stayed).status).toBe(200)
})

test('a server that stops answers those who wait, at once', async () => {
  await using house = await openHouse()
  const after = await now(house)
  const stopping = await composeForTests(house.databaseUrl, house.dataDir)
  const counts = countWaiting(stopping)
  const origin = await stopping.app.listen({ host: '127.0.0.1', port: 0 })
  const headers = { authorization: `Bearer ${house.fixture.tokens.native}` }
  const asked = Array.from({ length: 20 }, async () => {
    const reply = await fetch(`${origin}/parley/v1/events?after=${after}&wait=60`, { headers })
    return { status: reply.status, body: await reply.json() }
  })
  await until(() => counts.waiting === asked.length)
  await stopping.close()
  const body = { events: [], cursor: after, hasMore: false }
  expect(await Promise.all(asked)).toEqual(asked.map(() => ({ status: 200, body })))
  expect(counts).toEqual({ open: 0, waiting: 0 })
})

test('those who wait hold no connection to the database', async () => {
  await using house = await openHouse()
  const counts = countWaiting(house.composed)
  const after = await now(house)
  const pages = Array.from({ length: 200 }, () => readPage(house.native, { after, wait: 60 }))
  await until(() => counts.waiting === pages.length)
  await until(async () => {
    const rows = await house.sql(
      `select from pg_stat_activity where datname = current_database() and application_name = 'parley' and state <> 'idle'`,
    )
    return rows.length === 0
  })
  // With every connection taken this would not be answered.
  await speak(house, '700901')
  for (const page of await Promise.all(pages)) expect(page.events.length).toBeGreaterThan(0)
})

test('a server that begins to listen and stops at once leaves no connection', async () => {
  await using house = await openHouse()
  for (let time = 0; time < 10; time += 1) {
    const another = await composeForTests(house.databaseUrl, house.dataDir)
    using watch = another.tools.liveFeed.watch(house.fixture.id, {
      waitMs: 60_000,
      signal: new AbortController().signal,
    })
    const waiting = (async () => {
      while (await watch.next(false)) continue
      return 'over'
    })()
    for (let turn = 0; turn < time; turn += 1) await setImmediate()
    await another.close()
    expect(await waiting).toBe('over')
  }
  const lines = () =>
    house.sql(
      `select from pg_stat_activity where datname = current_database() and application_name = 'parley-wake-line'`,
    )
  await until(async () => (await lines()).length === 0)
})

test('one who follows by waiting gets every event of many senders, each once', async () => {
  await using house = await openHouse()
  const before = await logOf(house, house.fixture.id)
  const after = await now(house)
  // A new customer, a conversation, its opening, and ten messages each.
  const following = follow(house.native, { count: 8 * 13, after, limit: 5 })
  const senders = Array.from({ length: 8 }, async (_, sender) => {
    for (let time = 0; time < 10; time += 1) await speak(house, `7009${sender}`)
  })
  await Promise.all(senders)
  const read = await following
  expect(read.events).toHaveLength(8 * 13)
  expect(idsOf(read)).toEqual((await logOf(house, house.fixture.id)).slice(before.length))
})
