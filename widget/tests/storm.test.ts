import { expect, test } from 'vitest'
import { createFalseServer } from './false-server.ts'
import { createFalseKeep, openLive, type Visit } from './visit.ts'

/** The same numbers for the same seed. */
function randomOf(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

interface Weather {
  visit: Visit
  random: () => number
  written: string[]
}

type Blow = (weather: Weather) => void | Promise<void>

/** What befalls a line, more or less as often as it does. */
const BLOWS: Blow[] = [
  ({ visit }) => void visit.server.say(`team ${visit.server.messages.length}`),
  ({ visit }) => void visit.server.say(`team ${visit.server.messages.length}`),
  ({ visit }) => visit.server.note(),
  ({ visit, written }) => {
    // As many as may wait; more would be turned away, and are another test's business.
    if (visit.now().drafts.length > 40) return
    written.push(`own ${written.length}`)
    visit.chat.write(written.at(-1) ?? '')
  },
  ({ visit }) => visit.server.cut(),
  ({ visit }) => visit.server.cut(1012),
  ({ visit }) => {
    const [socket] = visit.server.live()
    if (socket) socket.isHalfOpen = true
  },
  ({ visit }) => void (visit.server.isDown = !visit.server.isDown),
  ({ visit }) => void (visit.server.isMute = !visit.server.isMute),
  ({ visit }) => void (visit.server.areSocketsBlocked = !visit.server.areSocketsBlocked),
  ({ visit }) => visit.chat.wake(),
  ({ visit }) => visit.server.tell({ type: 'reset', reason: 'unknown' }),
  async ({ visit, random }) => visit.clock.pass(random() * 3_000),
  async ({ visit, random }) => visit.clock.pass(random() * 60_000),
]

const SEEDS = Array.from({ length: 60 }, (_, seed) => seed + 1)

test.each(SEEDS)(
  'a storm ends with every message once, in order, and nothing waiting: seed %i',
  async (seed) => {
    const random = randomOf(seed)
    const server = createFalseServer()
    // Every other storm begins where sockets are blocked, and goes on by asking until they are not.
    server.areSocketsBlocked = seed % 2 === 0
    const visit = await openLive({ server, keep: createFalseKeep(), random })
    await visit.clock.pass(10_000)
    const weather = { visit, random, written: [] as string[] }
    for (let step = 0; step < 150; step++) await BLOWS[Math.floor(random() * BLOWS.length)]?.(weather)

    server.isDown = server.isMute = server.areSocketsBlocked = false
    for (let beats = 0; beats < 15; beats++) {
      await visit.clock.pass(20_000)
      server.tell({ type: 'beat' })
    }
    while (visit.now().hasEarlier) await visit.chat.earlier()
    expect(visit.now().line).toBe('live')
    expect(visit.now().drafts).toEqual([])
    expect(visit.keep.drafts()).toEqual([])
    expect(visit.texts()).toEqual(server.messages.map(({ text }) => text))
    expect(visit.texts().filter((text) => text.startsWith('own'))).toEqual(weather.written)
    expect(server.live()).toHaveLength(1)
  },
)
