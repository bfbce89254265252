import type { Chance } from './chance.ts'
import type { TestHouse } from '../house.ts'
import { connect, type Frame, type TestLine } from '../live/wire.ts'
import { SOCKET } from '../live/live-desk.ts'

/** A client of a socket that loses its line again and again, and goes on from the last thing it has. */
export interface CutClient {
  /** What it holds, in the order in which it came. */
  held: (string | number)[]
  /** What it was told that it should not have been; empty at the end. */
  faults: string[]
  connect(): Promise<void>
  /** Ends its line in one of four ways, and comes back; after a sleep only when it is woken. */
  cut(): Promise<void>
  wake(): Promise<void>
  end(): void
}

interface Parts {
  ports: number[]
  chance: Chance
  /** A new line, which has said what the client has. */
  open(port: number): Promise<TestLine>
  hear(frame: Frame): void
}

function createClient({ ports, chance, open, hear }: Parts): Omit<CutClient, 'held' | 'faults'> {
  let line: TestLine | null = null
  let isAsleep = false
  const half: TestLine[] = []
  /** One thing after the other: a line that is lost while it is opened is lost when it stands. */
  let work = Promise.resolve()
  const inTurn = (deed: () => Promise<void>) => (work = work.then(deed))

  async function begin(): Promise<void> {
    const opened = await open(chance.pick(ports))
    line = opened
    for (const frame of opened.frames) hear(frame)
    // A line that was lost is not listened to, whatever it still says.
    opened.onFrame = (frame) => line === opened && hear(frame)
  }

  return {
    connect: () => inTurn(begin),
    cut: () =>
      inTurn(async () => {
        const lost = line
        line = null
        const way = chance.pick(['fin', 'rst', 'half-open', 'sleep'])
        if (way === 'fin') lost?.ws.close()
        else if (way === 'rst') lost?.reset()
        else if (lost) {
          lost.ws.pause()
          half.push(lost)
        }
        isAsleep = way === 'sleep'
        if (!isAsleep) await begin()
      }),
    wake: () =>
      inTurn(async () => {
        if (!isAsleep) return
        isAsleep = false
        await begin()
      }),
    end: () => {
      for (const one of [...half, ...(line ? [line] : [])]) one.end()
    },
  }
}

/** Holds the `seq`s of its conversation; reads anew over HTTP when it is told to. */
export function createVisitorClient(
  house: TestHouse,
  { ports, chance, token, widgetKey }: { ports: number[]; chance: Chance; token: string; widgetKey: string },
): CutClient {
  const held: number[] = []
  const faults: string[] = []
  const last = () => held.at(-1) ?? 0
  const say = (line: TestLine) => line.send({ type: 'hello', after: last() })
  let current: TestLine | null = null

  async function readAnew(): Promise<void> {
    const mine = current
    for (let hasMore = true; hasMore;) {
      const { body } = await house.request({
        ...{ method: 'GET', url: `/visitor/v1/messages?after=${last()}&limit=100` },
        headers: { authorization: `Bearer ${token}` },
      })
      if (current !== mine) return
      for (const { seq } of body.items) held.push(seq)
      hasMore = body.hasMore
    }
    if (mine) say(mine)
  }

  const client = createClient({
    ports,
    chance,
    open: async (port) => {
      const protocols = ['parley.visitor.v1', `token.${token}`]
      current = await connect(port, `/visitor/v1/socket?widget=${widgetKey}`, { protocols })
      say(current)
      return current
    },
    hear: (frame) => {
      if (frame.type === 'reset') void readAnew()
      if (frame.type !== 'message') return
      if (frame.after !== last()) faults.push(`after ${frame.after} to one who has ${last()}`)
      if (frame.seq <= last()) faults.push(`${frame.seq} again`)
      held.push(frame.seq)
    },
  })
  return { ...client, held, faults }
}

/** Holds the ids of events that tell of messages, and its cursor. */
export function createOperatorClient({
  ports,
  chance,
  token,
}: {
  ports: number[]
  chance: Chance
  token: string
}): CutClient {
  const held: string[] = []
  const faults: string[] = []
  const seen = new Set<string>()
  let cursor: string | undefined
  const client = createClient({
    ports,
    chance,
    open: async (port) => {
      const line = await connect(port, SOCKET, { headers: { authorization: `Bearer ${token}` } })
      line.send({ type: 'hello', ...(cursor && { after: cursor }) })
      if (!cursor) await line.first('ready')
      return line
    },
    hear: (frame) => {
      if (typeof frame.cursor === 'string') ({ cursor } = frame)
      if (frame.type === 'reset') faults.push('a reset')
      if (frame.type !== 'event' || !/^message\.(received|queued|noted)$/.test(frame.event.type)) return
      if (seen.has(frame.event.id)) faults.push(`${frame.event.id} again`)
      seen.add(frame.event.id)
      held.push(frame.event.id)
    },
  })
  return { ...client, held, faults }
}
