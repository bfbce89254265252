import { randomBytes, randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readCursor, writeCursor } from '../../src/dialects/native/cursor.ts'
import { limitReach, nativeDesk } from '../dialects/native-talk.ts'
import { idsOf as eventIds, now, readPage } from '../event-reader.ts'
import { openHouse, type TestHouse } from '../house.ts'
import { visit } from '../visitor/visitor-desk.ts'
import { bearer, greet, secondProcess, SOCKET, tokenFor } from './live-desk.ts'
import { connect, listen, outcomeOf, type Frame, type TestLine } from './wire.ts'

let house: TestHouse
let port: number
let desk: ReturnType<typeof nativeDesk>
beforeAll(async () => {
  house = await openHouse()
  port = await listen(house.composed)
  desk = nativeDesk(house)
})
afterAll(() => house[Symbol.asyncDispose]())

const owner = () => house.fixture.tokens.native
const nobodys = `conv_${randomUUID().replaceAll('-', '')}`
const isOf = (type: string, id?: string) => (frame: Frame) =>
  frame.event?.type === type && (id === undefined || frame.event.conversationId === id)
const eventsOf = (line: TestLine) => line.ofType('event').map(({ event }) => event)

describe('an operator', () => {
  test('is told what happens, as it happens', async () => {
    const line = await greet(port, owner())
    const ready = await line.first('ready')
    expect(Object.keys(ready)).toEqual(['type', 'cursor', 'operator', 'presence', 'viewing', 'counters'])
    const { conversationId } = await desk.guest('maja', 'Is it open today?')
    const told = await line.find(isOf('message.received', conversationId))
    expect(told.message.text).toBe('Is it open today?')
    expect(told.conversation.id).toBe(conversationId)
    const counters = await line.first('counters')
    expect(counters.unassigned).toBe(ready.counters.unassigned + 1)
    line.end()
  })

  test('goes on from a cursor with exactly what the log has after it', async () => {
    const before = await now(house)
    const first = await desk.guest('resuming')
    await desk.deed(first, 'close', {})
    const line = await greet(port, owner(), { after: before })
    const second = await desk.guest('resumed')
    await line.find(isOf('message.received', second.conversationId))
    await now(house)
    const page = await readPage(house.native, { after: before, limit: 1000 })
    expect(eventsOf(line)).toEqual(page.events)
    // From any place in between, and from the end.
    const cursors = line.ofType('event').map(({ cursor }) => cursor)
    for (const at of [1, cursors.length - 2]) {
      const again = await greet(port, owner(), { after: cursors[at] })
      await again.find(({ event }) => event?.id === page.events.at(-1)?.id)
      expect(again.ofType('event').map(({ event }) => event.id)).toEqual(eventIds(page).slice(at + 1))
      again.end()
    }
    line.end()
  })

  test('is told all of what it missed, while more of it comes', async () => {
    const before = await now(house)
    const { conversationId } = await desk.guest('far behind')
    const say = (text: string) => house.native.post(`/conversations/${conversationId}/messages`, { text })
    await Promise.all(Array.from({ length: 220 }, (_, at) => say(`missed ${at}`)))
    const [line] = await Promise.all([
      greet(port, owner(), { after: before }),
      ...Array.from({ length: 50 }, (_, at) => say(`meanwhile ${at}`)),
    ])
    await say('the last')
    await line.find(({ message }) => message?.text === 'the last')
    await now(house)
    const page = await readPage(house.native, { after: before, limit: 1000 })
    expect(line.ofType('event').map(({ event }) => event.id)).toEqual(eventIds(page))
    line.end()
  })

  test('is told of another process’s work, and hears who is there', async () => {
    await using other = await secondProcess(house)
    const [, anna] = house.fixture.operators
    const mine = await greet(port, owner(), { presence: 'online' })
    const theirs = await greet(other.port, await tokenFor(house, anna!.id), { presence: 'away' })
    const annas = desk.publicId('op', anna!.id)
    const ofAnna = (type: string) => (frame: Frame) => frame.type === type && frame.operatorId === annas
    await mine.find((frame) => ofAnna('presence')(frame) && frame.state === 'away')
    const { conversationId } = await desk.guest('elsewhere')
    await theirs.find(isOf('message.received', conversationId))
    theirs.send({ type: 'viewing', conversationId })
    await mine.find((frame) => ofAnna('viewing')(frame) && frame.conversationIds.includes(conversationId))
    theirs.send({ type: 'typing', conversationId, isTyping: true })
    expect(await mine.first('typing')).toMatchObject({ conversationId, by: { id: annas }, isTyping: true })
    // Who comes later is told the same.
    const late = await greet(port, owner())
    expect((await late.first('ready')).presence).toContainEqual({ operatorId: annas, state: 'away' })
    expect((await late.first('ready')).viewing).toEqual([
      { operatorId: annas, conversationIds: [conversationId] },
    ])
    theirs.send({ type: 'presence', state: 'online' })
    await mine.find((frame) => ofAnna('presence')(frame) && frame.state === 'online')
    theirs.end()
    await mine.find((frame) => ofAnna('presence')(frame) && frame.state === 'offline')
    mine.end()
    late.end()
  })

  test('a bot says that it writes over HTTP', async () => {
    const line = await greet(port, owner())
    const [, anna] = house.fixture.operators
    const talk = await desk.guest('typing')
    const token = await tokenFor(house, anna!.id)
    const typed = await desk.deed(talk, 'typing', { isTyping: true }, bearer(token).headers)
    expect([typed.status, typed.text]).toEqual([204, ''])
    expect(await line.first('typing')).toMatchObject({ conversationId: talk.conversationId, isTyping: true })
    line.end()
  })
})

describe('whoever sees only a part', () => {
  test('is told of that part, and when something leaves it', async () => {
    const [boss, anna] = house.fixture.operators
    await limitReach(house, anna!.id, 'own')
    const token = await tokenFor(house, anna!.id)
    const line = await greet(port, token)
    const all = await greet(port, owner(), { presence: 'online' })
    const hidden = await desk.guest('hidden from anna')
    const given = await desk.guest('given to anna')
    await desk.deed(given, 'assign', { assigneeId: desk.publicId('op', anna!.id) })
    await line.find(isOf('conversation.assigned', given.conversationId))
    const mine: number = line.ofType('ready')[0]?.counters.mine
    await line.find((frame) => frame.type === 'counters' && frame.mine > mine)
    all.send({ type: 'viewing', conversationId: hidden.conversationId })
    all.send({ type: 'typing', conversationId: hidden.conversationId, isTyping: true })
    all.send({ type: 'typing', conversationId: given.conversationId, isTyping: true })
    expect((await line.first('typing')).conversationId).toBe(given.conversationId)
    // Not before it, and nobody's, is answered alike.
    for (const conversationId of [hidden.conversationId, nobodys, given.messageId, 'x'])
      for (const frame of [{ type: 'typing', isTyping: true }, { type: 'viewing' }]) {
        const count = line.ofType('refused').length
        line.send({ ...frame, conversationId })
        await expect.poll(() => line.ofType('refused').length).toBe(count + 1)
        expect(line.ofType('refused').at(-1)).toEqual({
          ...{ type: 'refused', to: frame.type, code: 'not_found', detail: 'Not found: conversation.' },
        })
      }
    await desk.deed(given, 'assign', { assigneeId: desk.publicId('op', boss!.id) })
    expect(await line.first('conversation.left')).toEqual({
      ...{ type: 'conversation.left', conversationId: given.conversationId },
    })
    await desk.deed(given, 'close', {})
    const end = await desk.guest('the end')
    await desk.deed(end, 'assign', { assigneeId: desk.publicId('op', anna!.id) })
    await line.find(isOf('conversation.assigned', end.conversationId))
    await all.find(isOf('conversation.closed', given.conversationId))
    const told = line.frames.filter((frame) => JSON.stringify(frame).includes(hidden.conversationId))
    expect(told).toEqual([])
    // What came before it was given is told or not, by what was read together; nothing is once it has left.
    const ofGiven = eventsOf(line).filter(({ conversationId }) => conversationId === given.conversationId)
    expect(ofGiven.at(-1)?.type).toBe('conversation.assigned')
    expect(line.ofType('conversation.left')).toHaveLength(1)
    await limitReach(house, anna!.id, null)
    line.end()
    all.end()
  })

  test('of the permissions is shown what they let it read', async () => {
    const [, anna] = house.fixture.operators
    const line = await greet(port, await tokenFor(house, anna!.id, ['conversation.read']))
    const { conversationId } = await desk.guest('bodiless')
    const told = await line.find(isOf('message.received', conversationId))
    expect(Object.keys(told)).toEqual(['type', 'cursor', 'event', 'conversation'])
    expect(eventsOf(line).filter(({ type }) => !/^(conversation|message|review)\./.test(type))).toEqual([])
    expect((await line.first('ready')).presence).toEqual([])
    line.send({ type: 'typing', conversationId, isTyping: true })
    expect(await line.first('refused')).toMatchObject({ code: 'forbidden' })
    const other = await tokenFor(house, anna!.id, ['contact.read'])
    expect(await outcomeOf(connect(port, SOCKET, bearer(other)))).toBe('status 403')
    line.end()
  })

  test('another account is told nothing of this one', async () => {
    const theirs = await greet(port, house.other.account.tokens.native, { presence: 'online' })
    const mine = await greet(port, owner(), { presence: 'online' })
    const talk = await desk.guest('of this account')
    mine.send({ type: 'viewing', conversationId: talk.conversationId })
    mine.send({ type: 'typing', conversationId: talk.conversationId, isTyping: true })
    await mine.find(isOf('message.received', talk.conversationId))
    theirs.send({ type: 'viewing', conversationId: talk.conversationId })
    expect(await theirs.first('refused')).toMatchObject({ to: 'viewing', code: 'not_found' })
    const stranger = await visit(house, {}, { tenant: house.other })
    await stranger.says('Hi')
    await theirs.find(isOf('message.received'))
    const names = [house.fixture.id, ...house.fixture.operators.map(({ id }) => id)].map((id) =>
      id.replaceAll('-', ''),
    )
    const leaks = theirs.frames.filter((frame) =>
      [talk.conversationId, ...names].some((name) => JSON.stringify(frame).includes(name)),
    )
    expect(leaks).toEqual([])
    expect(mine.frames.filter((frame) => isOf('message.received')(frame))).toHaveLength(1)
    theirs.end()
    mine.end()
  })
})

describe('a cursor', () => {
  test('that is none, or another account’s, is no place to begin', async () => {
    const mine = await now(house)
    const theirs = (await readPage(house.other.native, { after: 'latest' })).cursor
    const bytes = Buffer.from(mine, 'base64url')
    const mangled = Array.from({ length: 44 }, (_, at) => {
      const bent = Buffer.from(bytes)
      bent.writeUInt8(bent.readUInt8(at) ^ 1, at)
      return bent.toString('base64url')
    })
    const forged = [
      theirs,
      '',
      'latest',
      `${mine}A`,
      mine.slice(1),
      randomBytes(63).toString('base64url'),
      ...mangled,
    ]
    for (const after of forged) {
      const line = await greet(port, owner(), { after })
      expect(await line.closed, after).toEqual({ code: 4400, reason: 'malformed' })
      expect(line.frames).toEqual([])
    }
  })

  test('of another history, or from before what is kept, is a reset, and what comes is told', async () => {
    const position = readCursor(house.fixture.id, await now(house))!
    const strange = writeCursor(house.fixture.id, { ...position, epoch: randomUUID() })
    const moved = writeCursor(house.fixture.id, { ...position, writtenAt: new Date(1) })
    const later = writeCursor(house.fixture.id, { ...position, id: position.id + 1_000_000 })
    for (const after of [strange, moved, later]) {
      expect((await house.native.get('/events', { after })).status).toBe(410)
      const line = await greet(port, owner(), { after })
      const reset = await line.first('reset')
      expect(reset).toMatchObject({ reason: 'restored' })
      const { conversationId } = await desk.guest(randomUUID())
      await line.find(isOf('message.received', conversationId))
      const page = await readPage(house.native, { after: reset.cursor, limit: 1000 })
      await line.find(({ event }) => event?.id === page.events.at(-1)?.id)
      expect(eventIds({ events: eventsOf(line) })).toEqual(eventIds(page))
      line.end()
    }
  })
})

const MALFORMED = [
  ...[
    '',
    'x',
    '[]',
    'null',
    '1',
    '"hello"',
    '{}',
    '{"type":null}',
    '{"type":"helo"}',
    '{"type":"hello","after":1}',
  ],
  ...[
    '{"type":"hello","presence":"offline"}',
    '{"type":"typing"}',
    '{"type":"viewing"}',
    '{"__proto__":{"type":"beat"}}',
  ],
  ...[`{"type":"hello","after":"${'x'.repeat(300)}"}`, '['.repeat(30_000), '{"type":"beat","__proto__":{}}'],
]

test('frames that are none close their line, and nothing else', async () => {
  const bystander = await greet(port, owner())
  for (const frame of [...MALFORMED, '{"type":"beat"}']) {
    const line = await connect(port, SOCKET, bearer(owner()))
    line.ws.send(frame)
    expect(await line.closed, frame.slice(0, 60)).toEqual({ code: 4400, reason: 'malformed' })
  }
  const twice = await greet(port, owner())
  twice.send({ type: 'hello' })
  expect(await twice.closed).toEqual({ code: 4400, reason: 'malformed' })
  bystander.send({ type: 'beat' })
  await bystander.first('beat')
  bystander.end()
})
