import type { News } from '../../application/live/look-at-log.ts'
import {
  readStates,
  readTalks,
  readTeams,
  type TalkRead,
  type VisitAsked,
} from '../../application/live/read-visits.ts'
import type { House, Query } from '../../application/ports/house.ts'
import type { Listener } from '../../application/ports/live.ts'
import type { Party } from '../../application/ports/live-reader.ts'
import type { VisitState } from '../../application/visitors/read-visit.ts'
import type { ToldMessage } from '../../application/visitors/tell-messages.ts'
import { systemActor } from '../../domain/actor.ts'
import { EVERY_PERMISSION } from '../../domain/permissions.ts'
import type { Visitor } from '../../domain/visitor.ts'
import { createBook, type Book, type Comer } from './book.ts'
import { setState, telling, tellRoom, whyReset, type ForEach, type Room } from './room.ts'
import { createRound } from './round.ts'

/** Visitors' conversations that are read together. */
const MOST_AT_ONCE = 200
/** How long it can go unnoticed that the hours have changed from open to closed. */
const TEAM_MS = 60_000

export interface RoomsParts {
  accountId: string
  house: Pick<House, 'ask'>
  /** When what happens from now on will be heeded. */
  ready: Promise<void>
  onBug(error: unknown): void
}

/**
 * The visitors of an account who are here. What they are told comes from their conversations, in the order of `seq`; the log only says
 * which of them to read.
 */
export interface Rooms extends Disposable {
  enter(visitor: Visitor, after: number, listener: Listener): Disposable
  heed(news: readonly News[]): void
  hear(conversationId: string, name: string, isTyping: boolean): void
  isEmpty(): boolean
}

export function createRooms(parts: RoomsParts): Rooms {
  const { onBug } = parts
  const book = createBook()
  const forEach = telling(onBug)
  const reading = createReading(parts, book, { forEach, goOn: () => round.go() })
  const round = createRound(reading, onBug)
  let timer: NodeJS.Timeout | null = null
  const lookForTeam = () => {
    book.isTeamStirred = true
    round.go()
  }
  return {
    enter: (visitor, after, listener) => {
      const comer = book.enter(visitor, after, listener)
      timer ??= setInterval(lookForTeam, TEAM_MS).unref()
      round.go()
      return { [Symbol.dispose]: () => book.leave(comer) }
    },
    heed: (news) => {
      for (const { event } of news) book.heed(event)
      if (book.isStirred()) round.go()
    },
    hear: (conversationId, name, isTyping) =>
      forEach(book.membersOf(conversationId), (listener) => listener.hear(name, isTyping)),
    isEmpty: () => book.rooms.size === 0,
    [Symbol.dispose]: () => {
      round[Symbol.dispose]()
      if (timer) clearInterval(timer)
    },
  }
}

interface Reading {
  forEach: ForEach
  goOn(): void
}

/**
 * Comers and rooms are read in one go, so that a comer is told exactly what its room was not. Where a comer's conversation stands is read
 * before, so that no entry it counts is missing; where a room stands after, since messages wait for nothing. True when there is more to read.
 */
function createReading(parts: RoomsParts, book: Book, { forEach, goOn }: Reading): () => Promise<boolean> {
  const ask = asker(parts)

  function update(room: Room, found: TalkRead): void {
    const outcome = tellRoom(room, found, forEach)
    if (outcome === 'more') book.stirred.add(room)
    if (outcome !== 'moved') return
    // The contact was deleted: whoever is here has nobody's conversation any more.
    const members = [...room.members.keys()]
    book.drop(room)
    forEach(members, (listener) => listener.reset('unknown'))
  }

  function admit(comer: Comer, state: VisitState, messages: ToldMessage[]): void {
    const { room, after, listener } = comer
    if (comer.isGone) return
    const reason = whyReset(after, state, messages)
    const last = messages.at(-1)?.message.seq
    if (reason !== null) return forEach([listener], () => listener.reset(reason))
    if (!comer.hasBegun) forEach([listener], () => listener.begin(state))
    comer.hasBegun = true
    if (last !== undefined) return void catchUp(comer, messages, last)
    if (room.members.size === 0) Object.assign(room, { state, seq: state.lastSeq })
    room.members.set(listener, after)
    return book.note(room)
  }

  /** What comes meanwhile is read after that: nobody is told two things at once. */
  async function catchUp(comer: Comer, messages: ToldMessage[], last: number): Promise<void> {
    try {
      await comer.listener.catchUp(messages)
      comer.after = last
      if (!comer.isGone) book.coming.add(comer)
      goOn()
    } catch (error) {
      parts.onBug(error)
      comer.listener.fail()
    }
  }

  async function tellAll(stirred: Room[], coming: Comer[]): Promise<void> {
    const states = await ask.states(coming.map(({ room }) => room))
    const found = await ask.talks([...stirred.map(placeOfRoom), ...coming.map(placeOfComer)])
    const ofComers = found.splice(stirred.length)
    stirred.forEach((room, at) => found[at] && update(room, found[at]))
    coming.forEach((comer, at) => {
      const [state, talk] = [states[at], ofComers[at]]
      if (state && talk) admit(comer, state, talk.messages)
    })
  }

  async function readRooms(rooms: Room[]): Promise<void> {
    const states = await ask.states(rooms)
    rooms.forEach((room, at) => {
      if (states[at]) setState(room, states[at], forEach)
      book.note(room)
    })
  }

  return async () => {
    await parts.ready
    await findBegun(book, ask)
    const stirred = take(book.stirred)
    const coming = take(book.coming)
    book.heeded = new Set()
    try {
      await tellAll(stirred, coming)
      coming.length = 0
      await readRooms(stirred.filter((room) => room.coming > 0))
    } catch (error) {
      for (const room of stirred) book.stirred.add(room)
      for (const comer of coming) book.coming.add(comer)
      throw error
    } finally {
      book.heeded = null
    }
    if (book.isTeamStirred) await lookForTeam(book, ask, forEach)
    return book.isStirred()
  }
}

type Asker = ReturnType<typeof asker>

/** Whose the conversations are that have just begun. */
async function findBegun(book: Book, ask: Asker): Promise<void> {
  const begun = takeAll(book.begun)
  const parties = await ask.parties(begun).catch((error: unknown) => {
    for (const id of begun) book.begun.add(id)
    throw error
  })
  for (const party of parties) book.stir(party)
}

async function lookForTeam(book: Book, ask: Asker, forEach: ForEach): Promise<void> {
  book.isTeamStirred = false
  const rooms = [...book.rooms.values()]
  const teams = await ask.teams([...new Set(rooms.map(({ channelId }) => channelId))])
  for (const room of rooms)
    if (room.state)
      setState(room, { ...room.state, isTeamOnline: teams.get(room.channelId) ?? false }, forEach)
}

const placeOfRoom = ({ channelId, externalId, seq }: Room) => ({ channelId, externalId, after: seq })
const placeOfComer = ({ room: { channelId, externalId }, after }: Comer) => ({ channelId, externalId, after })

function asker({ accountId, house }: RoomsParts) {
  const system = systemActor(accountId, EVERY_PERMISSION)
  return {
    talks: async (asked: VisitAsked[]) => (asked.length === 0 ? [] : house.ask(readTalks, system, asked)),
    states: async (parties: Party[]) => (parties.length === 0 ? [] : house.ask(readStates, system, parties)),
    teams: (channelIds: string[]) => house.ask(readTeams, system, channelIds),
    parties: async (ids: string[]) => (ids.length === 0 ? [] : house.ask(findParties, system, ids)),
  }
}

const findParties: Query<string[], Party[]> = async (reader, _actor, ids) => [
  ...(await reader.live.parties(ids)).values(),
]

function take<Item>(items: Set<Item>): Item[] {
  const taken = [...items].slice(0, MOST_AT_ONCE)
  for (const item of taken) items.delete(item)
  return taken
}

function takeAll<Item>(items: Set<Item>): Item[] {
  const taken = [...items]
  items.clear()
  return taken
}
