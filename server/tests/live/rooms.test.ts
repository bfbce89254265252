import { afterAll, beforeAll, expect, test } from 'vitest'
import type { News } from '../../src/application/live/look-at-log.ts'
import { readTalks } from '../../src/application/live/read-visits.ts'
import type { House } from '../../src/application/ports/house.ts'
import type { Listener } from '../../src/application/ports/live.ts'
import { createRooms, type Rooms } from '../../src/delivery/live/rooms.ts'
import type { DomainEvent } from '../../src/domain/events.ts'
import type { Visitor } from '../../src/domain/visitor.ts'
import { openHouse, type TestHouse } from '../house.ts'
import { visit, webchatOf } from '../visitor/visitor-desk.ts'

let house: TestHouse
beforeAll(async () => {
  house = await openHouse()
})
afterAll(() => house[Symbol.asyncDispose]())

/** Somebody new, by the name the channel knows it by. */
async function newVisitor() {
  const visiting = await visit(house)
  const [row] = await house.sql<{ id: string; name: string }>(
    `select id, external_id as name from visitor_session order by created_at desc, id desc limit 1`,
  )
  const visitor: Visitor = {
    ...{ accountId: house.fixture.id, channelId: webchatOf(house).id, sessionId: row?.id ?? '' },
    ...{ externalId: row?.name ?? '', isVerified: false, language: null },
  }
  return { ...visiting, visitor }
}

/** Rooms over the real house, in which something happens just after conversations were read. */
function openRooms(afterReading: (rooms: Rooms) => Promise<void>): { rooms: Rooms; bugs: unknown[] } {
  const bugs: unknown[] = []
  let hasHappened = false
  const ask: House['ask'] = async (query, actor, input) => {
    const output = await house.composed.tools.ask(query, actor, input)
    if ((query as unknown) === readTalks && !hasHappened) {
      hasHappened = true
      await afterReading(rooms)
    }
    return output
  }
  const onBug = (error: unknown) => void bugs.push(error)
  const rooms = createRooms({ accountId: house.fixture.id, house: { ask }, ready: Promise.resolve(), onBug })
  return { rooms, bugs }
}

function remembering(told: string[]): Listener {
  return {
    begin: () => void told.push('begin'),
    catchUp: async (messages) => void told.push(...messages.map(({ message }) => message.text)),
    tell: (messages) => void told.push(...messages.map(({ message }) => message.text)),
    reset: (reason) => void told.push(reason),
    ...{ change: () => undefined, hear: () => undefined, fail: () => undefined },
  }
}

/** The newest event of the conversation, as the log's reader would tell it. */
async function newsOf(type: DomainEvent['type']): Promise<News[]> {
  const [row] = await house.sql<{ data: object }>(
    `select data from event where type = $1 order by id desc limit 1`,
    [type],
  )
  // What the rooms look at.
  return [{ event: { ...row?.data, type } as DomainEvent } as News]
}

test('what is said between reading and coming in is told, though nothing tells of it again', async () => {
  const { visitor, says } = await newVisitor()
  await says('before')
  const told: string[] = []
  const { rooms, bugs } = openRooms(async () => {
    await says('in between')
    rooms.heed(await newsOf('message.received'))
  })
  using _ = rooms.enter(visitor, 1, remembering(told))
  await expect.poll(() => told).toEqual(['begin', 'in between'])
  expect(bugs).toEqual([])
  rooms[Symbol.dispose]()
})

test('a conversation that begins between reading and coming in is told', async () => {
  const { visitor, says } = await newVisitor()
  const told: string[] = []
  const { rooms } = openRooms(async () => {
    await says('the first word')
    rooms.heed(await newsOf('conversation.created'))
  })
  using _ = rooms.enter(visitor, 0, remembering(told))
  await expect.poll(() => told).toEqual(['begin', 'the first word'])
  rooms[Symbol.dispose]()
})

test('a reading that fails is done again, and nothing is lost', async () => {
  const { visitor, says } = await newVisitor()
  await says('kept')
  const told: string[] = []
  const { rooms, bugs } = openRooms(() => Promise.reject(new Error('the database is gone')))
  using _ = rooms.enter(visitor, 0, remembering(told))
  await expect.poll(() => told, { timeout: 10_000 }).toEqual(['begin', 'kept'])
  expect(bugs).toHaveLength(1)
  rooms[Symbol.dispose]()
})

test('who comes in beyond what the room was told is not told it again', async () => {
  const { visitor, says } = await newVisitor()
  await says('one')
  const [first, second]: string[][] = [[], []]
  const { rooms } = openRooms(() => Promise.resolve())
  using _one = rooms.enter(visitor, 1, remembering(first ?? []))
  await expect.poll(() => first).toEqual(['begin'])
  await says('two')
  using _two = rooms.enter(visitor, 1, remembering(second ?? []))
  await expect.poll(() => second).toEqual(['begin', 'two'])
  expect(first).toEqual(['begin'])
  rooms.heed(await newsOf('message.received'))
  await says('three')
  rooms.heed(await newsOf('message.received'))
  await expect.poll(() => first).toEqual(['begin', 'two', 'three'])
  await expect.poll(() => second).toEqual(['begin', 'two', 'three'])
  rooms[Symbol.dispose]()
})
