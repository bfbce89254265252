import { randomBytes, randomUUID } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { readCursor, writeCursor } from '../../src/dialects/native/cursor.ts'
import type { EventPosition } from '../../src/domain/event-log.ts'
import { migrate } from '../../src/storage/migrate.ts'
import { follow, idsOf, logOf, now, openWriter, readPage, settleLog } from '../event-reader.ts'
import type { Reply, TestHouse } from '../house.ts'
import { openHouse } from '../house.ts'

const DAY = 86_400_000

const start = (house: TestHouse, which = 0) =>
  house.blingerApp.post('/conversations/start', {
    conversation_id: house.fixture.conversations[which]!.number,
  })

/** Runs the retention as its hour would. */
async function expire(house: TestHouse): Promise<void> {
  await settleLog(house)
  await house.sql(`select graphile_worker.add_job('event.expire')`)
  await house.settle()
}

function expectReset(reply: Reply, reason: 'expired' | 'restored'): string {
  expect(Object.keys(reply.body)).toEqual(['type', 'title', 'status', 'detail', 'code', 'reason', 'cursor'])
  expect({ status: reply.status, ...reply.body }).toMatchObject({ status: 410, code: 'cursor_reset', reason })
  expect(reply.headers['content-type']).toMatch(/^application\/problem\+json/)
  return reply.body.cursor
}

const refusalOf = (reply: Reply) => ({ status: reply.status, body: reply.body })
const INVALID = {
  status: 400,
  body: {
    type: 'urn:parley:problem:invalid',
    title: 'Invalid request',
    status: 400,
    detail: 'after is no cursor of yours.',
    code: 'invalid',
  },
}

describe('a cursor older than what is kept', () => {
  test('is answered by a reset, which says where to begin anew', async () => {
    await using house = await openHouse()
    const old = await readPage(house.native, { limit: 3 })
    const newest = await now(house)
    house.clock.advance(91 * DAY)
    await start(house)
    await expire(house)
    const cursor = expectReset(await house.native.get('/events', { after: old.cursor, wait: 60 }), 'expired')
    const kept = ['conversation.assigned']
    const anew = await follow(house.native, { count: 1, after: cursor })
    expect(anew.events.map(({ type }) => type)).toEqual(kept)
    expect((await follow(house.native, { count: 1 })).events).toEqual(anew.events)
    // The last one deleted is the last one read: nothing is missing.
    expect((await follow(house.native, { count: 1, after: newest })).events).toEqual(anew.events)
    const [rest] = await house.sql(`select count(*)::int as count from event where account_id = $1`, [
      house.fixture.id,
    ])
    expect(rest).toEqual({ count: 1 })
  })

  test('also for one who began before there was anything', async () => {
    await using house = await openHouse()
    await house.sql('delete from event')
    const { cursor } = await readPage(house.native)
    await start(house)
    house.clock.advance(91 * DAY)
    await start(house, 1)
    await expire(house)
    expectReset(await house.native.get('/events', { after: cursor }), 'expired')
  })

  test('what is young enough is kept, however often it is looked for', async () => {
    await using house = await openHouse({ env: { PARLEY_EVENTS_KEEP_DAYS: '2' } })
    const furnished = await logOf(house, house.fixture.id)
    await start(house)
    house.clock.advance(1.5 * DAY)
    const middle = await now(house)
    await start(house, 1)
    await house.blingerApp.post('/conversations/close', {
      conversation_id: house.fixture.conversations[1]!.number,
    })
    await expire(house)
    expect(await logOf(house, house.fixture.id)).toHaveLength(furnished.length + 3)
    house.clock.advance(1 * DAY)
    await expire(house)
    await expire(house)
    const read = await follow(house.native, { count: 2 })
    expect(read.events.map(({ type }) => type)).toEqual(['conversation.assigned', 'conversation.closed'])
    expect(await follow(house.native, { count: 2, after: middle })).toEqual(read)
  })

  test('who had a conversation is still known, though no longer told', async () => {
    await using house = await openHouse()
    const { id } = house.fixture.conversations[0]!
    const participants = async () =>
      (await house.linktor.get(`/conversations/conv_${id.replaceAll('-', '')}/participants`)).body.data
    await start(house)
    await house.blingerApp.post('/conversations/unassign', {
      conversation_id: house.fixture.conversations[0]!.number,
    })
    const before = await participants()
    house.clock.advance(91 * DAY)
    await expire(house)
    expect(await participants()).toEqual(before)
    expect(JSON.stringify(before)).toContain('Nora Lind')
    expect((await readPage(house.native, { wait: 1 })).events).toEqual([])
  })

  test('deletes piece by piece what is more than a piece', async () => {
    await using house = await openHouse()
    await house.sql(
      `insert into event (account_id, type, data, is_silent, created_at)
       select $1, case when n % 10 = 0 then 'conversation.assigned' else 'operator.updated' end, '{}', false, $2
         from generate_series(1, 3500) n`,
      [house.fixture.id, house.clock.now()],
    )
    house.clock.advance(91 * DAY)
    await start(house)
    await expire(house)
    const rows = await house.sql(
      `select type, count(*)::int as count from event where account_id = $1 group by 1`,
      [house.fixture.id],
    )
    expect(rows).toEqual([{ type: 'conversation.assigned', count: 351 }])
    expect((await follow(house.native, { count: 1 })).events).toHaveLength(1)
  })
})

describe('a database that was restored', () => {
  test('in another cluster, whose transaction ids are lower: everything is told anew, in order, and new events after it', async () => {
    await using house = await openHouse()
    await migrate(house.databaseUrl)
    const known = (await logOf(house, house.fixture.id)).length
    const before = await follow(house.native, { count: known })
    await house.sql(
      `update event set transaction_id = (transaction_id::text::bigint + 1000000000)::text::xid8`,
    )
    await house.sql(`update installation set identity = 'another cluster/5'`)
    await migrate(house.databaseUrl)
    const cursor = expectReset(await house.native.get('/events', { after: before.cursor }), 'restored')
    await start(house)
    const again = await follow(house.native, { count: known + 1, after: cursor })
    expect(idsOf(again).slice(0, known)).toEqual(idsOf(before).toSorted(byNumber))
    expect(again.events[known]?.type).toBe('conversation.assigned')
    expect((await follow(house.native, { count: known + 1 })).events).toEqual(again.events)
  })

  test('from a release that kept no identity: its events are told too', async () => {
    await using house = await openHouse()
    await house.sql(
      `update event set transaction_id = (transaction_id::text::bigint + 1000000000)::text::xid8`,
    )
    await house.sql('delete from installation')
    await migrate(house.databaseUrl)
    await start(house)
    const expected = await logOf(house, house.fixture.id)
    expect(idsOf(await follow(house.native, { count: expected.length }))).toEqual(expected)
  })

  test('the same database at another start keeps its cursors', async () => {
    await using house = await openHouse()
    await migrate(house.databaseUrl)
    const after = await now(house)
    const before = await logOf(house, house.fixture.id)
    await migrate(house.databaseUrl)
    expect(await logOf(house, house.fixture.id)).toEqual(before)
    await start(house)
    expect((await follow(house.native, { count: 1, after })).events).toHaveLength(1)
  })

  test('to an older state: a cursor from its lost future is told, also when other events have got its numbers', async () => {
    await using house = await openHouse()
    await using writer = await openWriter(house.databaseUrl, house.fixture.id)
    const kept = await now(house)
    await writer.insert()
    const lost = (await follow(house.native, { count: 1, after: kept })).cursor
    // As if the backup had been made before, and the numbers were given again.
    await house.sql(`update event set created_at = created_at + interval '1 second' where created_at > $1`, [
      new Date('2026-03-03'),
    ])
    expectReset(await house.native.get('/events', { after: lost }), 'restored')
    await house.sql('delete from event where created_at > $1', [new Date('2026-03-03')])
    expectReset(await house.native.get('/events', { after: lost }), 'restored')
    await start(house)
    expectReset(await house.native.get('/events', { after: lost }), 'restored')
    expect((await follow(house.native, { count: 1, after: kept })).events).toHaveLength(1)
  })

  test('a copy that was never started by itself is read all the same', async () => {
    await using house = await openHouse()
    await house.sql('delete from installation')
    const expected = await logOf(house, house.fixture.id)
    const read = await follow(house.native, { count: expected.length })
    expect(idsOf(read)).toEqual(expected)
    await start(house)
    expect((await follow(house.native, { count: 1, after: read.cursor })).events).toHaveLength(1)
  })
})

const byNumber = (one: string, other: string) => Number(one.slice(4)) - Number(other.slice(4))

describe('forged cursors', () => {
  test('none is answered by a foreign event, or by silence', async () => {
    await using house = await openHouse()
    const mine = house.fixture.id
    const theirs = house.other.account.id
    const cursor = await now(house)
    const known = readCursor(mine, cursor)!
    const foreign = await now(house, house.other.native)
    const foreignOldest = (await readPage(house.other.native, { limit: 1 })).cursor
    const theirPlace = readCursor(theirs, foreign)!
    const as = (wrong: Partial<EventPosition>, account = mine) => writeCursor(account, { ...known, ...wrong })
    const raw = (change: (bytes: Buffer) => void) => {
      const bytes = Buffer.from(cursor, 'base64url')
      change(bytes)
      return bytes.toString('base64url')
    }

    const invalid = [
      ...[
        foreign,
        foreignOldest,
        as({}, theirs),
        as({}, randomUUID()),
        as({ id: 0, transactionId: 0 }, theirs),
      ],
      ...[
        '0',
        '1',
        '-1',
        'null',
        'undefined',
        'latest ',
        ' latest',
        'oldest',
        '{}',
        '[]',
        '\u0000',
        '%00',
        '../x',
      ],
      ...["' or 1=1 --", '9'.repeat(84), '-'.repeat(84), 'A'.repeat(84), '_'.repeat(84), 'A'.repeat(255)],
      ...[cursor.slice(1), cursor.slice(0, -1), `${cursor}A`, `${cursor}=`, ` ${cursor}`, `${cursor}\n`],
      ...[
        cursor.toLowerCase(),
        cursor.toUpperCase(),
        cursor + cursor,
        cursor.split('').toReversed().join(''),
      ],
      ...Array.from({ length: 62 }, (_, at) => raw((bytes) => bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at))),
      ...Array.from({ length: 10 }, () => randomBytes(63).toString('base64url')),
      ...[as({ transactionId: 2 ** 60 }), as({ id: 2 ** 60 }), as({ transactionId: 2 ** 53 })],
    ]
    for (const after of invalid)
      expect(refusalOf(await house.native.get('/events', { after, wait: 60 })), after).toEqual(INVALID)

    const elsewhere = [
      ...[
        as({ epoch: randomUUID() }),
        as({ epoch: theirPlace.epoch.replace(/^./, (c) => (c === '0' ? '1' : '0')) }),
      ],
      ...[as({ epoch: '00000000-0000-0000-0000-000000000000' }), as({ writtenAt: null })],
      ...[1, 1000, 1e6, 1e9, 1e15].map((more) => as({ transactionId: known.transactionId + more })),
      ...[1, 1e6, 1e15].map((more) => as({ id: known.id + more })),
      ...[as({ transactionId: Number.MAX_SAFE_INTEGER }), as({ id: Number.MAX_SAFE_INTEGER }), as({ id: 0 })],
      ...[as({ writtenAt: new Date() }), as({ transactionId: 0, id: 5 }), as({ transactionId: 1, id: 0 })],
      // Another account's place, as one's own.
      ...[writeCursor(mine, theirPlace), writeCursor(mine, { ...theirPlace, writtenAt: null })],
    ]
    const expected = await logOf(house, mine)
    for (const after of elsewhere) {
      const begin = expectReset(await house.native.get('/events', { after, wait: 60 }), 'restored')
      expect(idsOf(await follow(house.native, { count: expected.length, after: begin }))).toEqual(expected)
    }
    expect(invalid.length + elsewhere.length).toBeGreaterThan(100)
  })

  test('the place of a transaction that is still running is none', async () => {
    await using house = await openHouse()
    await using slow = await openWriter(house.databaseUrl, house.fixture.id)
    await using quick = await openWriter(house.databaseUrl, house.fixture.id)
    const known = readCursor(house.fixture.id, await now(house))!
    await slow.run('begin')
    await slow.insert()
    const id = Number((await quick.insert()).slice(4))
    const [row] = await house.sql<{ xid: string; at: Date }>(
      'select transaction_id::text as xid, created_at as at from event where id = $1',
      [id],
    )
    const ahead = { ...known, transactionId: Number(row!.xid), id, writtenAt: row!.at }
    expectReset(
      await house.native.get('/events', { after: writeCursor(house.fixture.id, ahead) }),
      'restored',
    )
    await slow.run('commit')
  })
})
