import { Compile } from 'typebox/compile'
import { describe, expect, test } from 'vitest'
import { EventList } from '../../src/dialects/native/schema/events.ts'
import { BEGINNING, composeForTests } from '../compose.ts'
import { follow, idsOf, logOf, now, openWriter, readPage } from '../event-reader.ts'
import { openHouse } from '../house.ts'
import { conversationOn, doEverything, hex } from './everything.ts'

describe('what is told', () => {
  test('every kind of event, as the contract says, in the log’s order', async () => {
    await using house = await openHouse()
    await doEverything(house)
    const expected = await logOf(house, house.fixture.id)
    const read = await follow(house.native, { count: expected.length })
    expect(idsOf(read)).toEqual(expected)

    const contract = Compile(EventList)
    expect([...contract.Errors(read)]).toEqual([])
    const { events } = EventList.properties
    const kinds = events.items.anyOf.map(({ properties }) => (properties.type as { const: string }).const)
    const told = new Set<string>(read.events.map(({ type }) => type))
    expect(kinds.filter((kind) => !told.has(kind))).toEqual([])
    const text = JSON.stringify(read.events)
    expect(text).not.toContain('a note between us')
    expect(text).not.toContain('Yes, we do.')
    expect(text).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}-/)
  })

  test('an event says who did what to whom, by public ids', async () => {
    await using house = await openHouse()
    const chat = conversationOn(house, 'webchat')
    const [nora, anna] = house.fixture.operators
    const after = await now(house)
    await house.blingerApp.post('/conversations/start', {
      conversation_id: chat.number,
      operator_id: anna!.number,
    })
    const silent = { conversation_id: chat.number, disable_webhook: 1 }
    await house.blingerApp.post('/conversations/unassign', silent)
    const { events } = await follow(house.native, { count: 2, after })
    const by = { kind: 'operator', id: `op_${hex(anna!.id)}`, name: 'Anna Berg' }
    expect(events).toMatchObject([
      {
        type: 'conversation.assigned',
        silent: false,
        conversationId: `conv_${hex(chat.id)}`,
        data: { assignee: by, previous: null, by },
      },
      { type: 'conversation.unassigned', silent: true, data: { previous: by, by: { name: nora!.name } } },
    ])
    for (const { id, occurredAt } of events) {
      expect(id).toMatch(/^evt_[1-9]\d*$/)
      expect(new Date(occurredAt).toISOString()).toBe(occurredAt)
    }
  })

  test('an event that only a newer release knows keeps its place', async () => {
    await using house = await openHouse()
    await using writer = await openWriter(house.databaseUrl, house.fixture.id)
    const after = await now(house)
    const ids = [
      await writer.insert(),
      await writer.insert('galaxy.found', { secret: 'x' }),
      await writer.insert(),
    ]
    const read = await follow(house.native, { count: 3, after })
    expect(idsOf(read)).toEqual(ids)
    expect(read.events[1]).toMatchObject({ type: 'galaxy.found', data: {} })
  })

  test('each account reads its own', async () => {
    await using house = await openHouse()
    for (const { native, account } of [house, house.other]) {
      const expected = await logOf(house, account.id)
      expect(expected.length).toBeGreaterThan(10)
      expect(idsOf(await follow(native, { count: expected.length }))).toEqual(expected)
    }
  })
})

describe('the cursor', () => {
  test('pages of any size tell the same, each once', async () => {
    await using house = await openHouse()
    const expected = await logOf(house, house.fixture.id)
    for (const limit of [1, 7, expected.length - 1, expected.length, 1000]) {
      const read = await follow(house.native, { count: expected.length, limit })
      expect(idsOf(read)).toEqual(expected)
      expect(read.hasMore).toBe(false)
    }
    const first = await readPage(house.native, { limit: expected.length - 1 })
    expect(first.hasMore).toBe(true)
    // Asked again, it answers again.
    const again = await readPage(house.native, { limit: expected.length - 1 })
    expect(again).toEqual(first)
  })

  test('is given also when there is nothing, and stays', async () => {
    await using house = await openHouse()
    const cursor = await now(house)
    expect(await readPage(house.native, { after: cursor })).toEqual({ events: [], cursor, hasMore: false })
    expect(await readPage(house.native, { after: 'latest', wait: 60 })).toEqual({
      ...{ events: [], cursor, hasMore: false },
    })
    await house.sql('delete from event')
    const empty = await readPage(house.other.native)
    expect(empty.events).toEqual([])
    expect(await now(house, house.other.native)).toBe(empty.cursor)
    await house.other.blingerApp.post('/conversations/start', {
      conversation_id: house.other.account.conversations[0]!.number,
    })
    expect((await follow(house.other.native, { count: 1, after: empty.cursor })).events).toMatchObject([
      { type: 'conversation.assigned' },
    ])
  })

  test('an event committed before an older transaction ends comes after that one’s, and neither is lost', async () => {
    await using house = await openHouse()
    await using slow = await openWriter(house.databaseUrl, house.fixture.id)
    await using quick = await openWriter(house.databaseUrl, house.fixture.id)
    const after = await now(house)
    await slow.run('begin')
    const first = await slow.insert()
    const second = await quick.insert()
    expect(await readPage(house.native, { after })).toEqual({ events: [], cursor: after, hasMore: false })
    expect((await readPage(house.native, { after: 'latest' })).cursor).toBe(after)
    const third = await slow.insert()
    await slow.run('commit')
    // By transaction, and by number within one.
    expect(idsOf(await follow(house.native, { count: 3, after }))).toEqual([first, third, second])
  })

  test('a transaction that is rolled back holds nothing up for good', async () => {
    await using house = await openHouse()
    await using slow = await openWriter(house.databaseUrl, house.fixture.id)
    await using quick = await openWriter(house.databaseUrl, house.fixture.id)
    const after = await now(house)
    await slow.run('begin')
    await slow.insert()
    const told = await quick.insert()
    await slow.run('rollback')
    expect(idsOf(await follow(house.native, { count: 1, after }))).toEqual([told])
  })

  test('outlives a restart, and the order with it', async () => {
    await using house = await openHouse()
    const whole = await logOf(house, house.fixture.id)
    const half = await readPage(house.native, { limit: 9 })
    const again = await composeForTests(house.databaseUrl, house.dataDir, {
      clock: () => new Date(BEGINNING),
    })
    try {
      const headers = { authorization: `Bearer ${house.fixture.tokens.native}` }
      const read = async (query: string) =>
        (await again.app.inject({ url: `/parley/v1/events?${query}`, headers })).json()
      const rest = await read(`limit=1000&wait=4&after=${half.cursor}`)
      expect([...idsOf(half), ...idsOf(rest)]).toEqual(whole)
      expect(idsOf(await read('limit=1000'))).toEqual(whole)
    } finally {
      await again.close()
    }
  })
})

test('a request that is not right is refused, and says where', async () => {
  await using house = await openHouse()
  const wrong = [
    ...[0, 1001, -1, 1.5, '01', '1e2', ' 1', ''].map((limit) => ({ limit })),
    ...[61, -1, 'x', ''].map((wait) => ({ wait })),
    ...['', 'now', 'LATEST', 'x'.repeat(300)].map((after) => ({ after })),
    { afer: 'latest' },
  ]
  for (const query of wrong) {
    const reply = await house.native.get('/events', query)
    expect({ status: reply.status, code: reply.body.code }, JSON.stringify(query)).toEqual({
      status: 400,
      code: 'invalid',
    })
    expect(reply.body.detail).toMatch(new RegExp(`^${Object.keys(query)[0]} `))
  }
  expect((await house.native.get('/events?limit=1&limit=2')).status).toBe(400)
  await house.sql(`update token set permissions = array_remove(permissions, 'event.read')`)
  const reply = await house.native.get('/events')
  expect({ status: reply.status, code: reply.body.code }).toEqual({ status: 403, code: 'forbidden' })
})
