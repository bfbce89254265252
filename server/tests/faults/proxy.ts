// A proxy before PostgreSQL that does something evil at a failpoint. The server under test is not touched for it.
import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { backendPid, createFramer, createStatements, type Frame } from './wire.ts'
import type { Failpoint, Unit } from './failpoints.ts'

/** How the connection goes on: as if nothing had happened, reset, closed, or not at all, since its client is dead. */
export type Verdict = 'pass' | 'reset' | 'close' | 'dead'

/** The connection at which a failpoint was met. */
export interface Session {
  backendPid: number
}

export interface DatabaseProxy extends AsyncDisposable {
  /** The database's address by way of the proxy. */
  url: string
  /** Acts once, when the failpoint has been passed `skip` times; resolves when the deed is done. */
  at(failpoint: Failpoint, deed: Deed, skip?: number): Promise<void>
}

type Deed = (session: Session) => Verdict | Promise<Verdict>

interface Armed {
  failpoint: Failpoint
  skip: number
  fire(session: Session): Promise<Verdict>
}

const LIMIT_MS = 30_000

export async function openDatabaseProxy(databaseUrl: string): Promise<DatabaseProxy> {
  const armed = new Set<Armed>()
  const sockets = new Set<Socket>()
  const server = createServer((client) => {
    const upstream = connectTo(databaseUrl)
    for (const socket of [client, upstream]) {
      sockets.add(socket.setNoDelay(true))
      socket.on('error', () => undefined)
      socket.on('close', () => sockets.delete(socket))
    }
    join(client, upstream, (when, unit, session) => meet(armed, { when, unit, session }))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: through(databaseUrl, (server.address() as AddressInfo).port),
    at: (failpoint, deed, skip = 0) => arm(armed, { failpoint, deed, skip }),
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

function arm(armed: Set<Armed>, wanted: { failpoint: Failpoint; deed: Deed; skip: number }): Promise<void> {
  const { failpoint, deed, skip } = wanted
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => {
      armed.delete(waiting)
      reject(new Error(`never came by: ${failpoint.name}`))
    }, LIMIT_MS)
    const waiting: Armed = {
      failpoint,
      skip,
      fire: async (session) => {
        clearTimeout(late)
        armed.delete(waiting)
        try {
          const verdict = await deed(session)
          resolve()
          return verdict
        } catch (error) {
          reject(error)
          return 'close'
        }
      },
    }
    armed.add(waiting)
  })
}

interface Meeting {
  when: Failpoint['when']
  unit: Unit
  session: Session
}

/** The deed itself is begun before anything else can happen in this process. */
function meet(armed: Set<Armed>, { when, unit, session }: Meeting): Promise<Verdict> | null {
  for (const waiting of armed) {
    if (waiting.failpoint.when !== when || !waiting.failpoint.isAt(unit)) continue
    if (waiting.skip > 0) waiting.skip -= 1
    else return waiting.fire(session)
  }
  return null
}

type Meet = (when: Failpoint['when'], unit: Unit, session: Session) => Promise<Verdict> | null

/** Passes both directions on, message by message, as long as no failpoint says otherwise. */
function join(client: Socket, upstream: Socket, meet: Meet): void {
  const session: Session = { backendPid: 0 }
  const asked: Unit[] = []
  let isOver = false

  async function isPassed(when: Failpoint['when'], unit: Unit): Promise<boolean> {
    const verdict = await meet(when, unit, session)
    if (verdict === null || verdict === 'pass') return !isOver
    isOver = true
    // What was passed on before still reaches the database; then it sees its client gone.
    if (verdict !== 'dead') upstream.end()
    if (verdict === 'reset') client.resetAndDestroy()
    if (verdict === 'close') client.end()
    return false
  }

  const units = createUnits()
  const requests = createHeap(upstream)
  /** False when that was the last one. */
  async function passRequest(frame: Frame): Promise<boolean> {
    requests.hold(frame)
    const unit = units(frame)
    if (unit === 'incomplete') return true
    if (unit && !(await isPassed('asks', unit))) return false
    if (unit) asked.push(unit)
    requests.pass()
    return unit === null || isPassed('asked', unit)
  }

  const answers = createHeap(client)
  async function passAnswer(frame: Frame): Promise<boolean> {
    answers.hold(frame)
    session.backendPid = backendPid(frame) ?? session.backendPid
    if (asked.length > 0 && frame.type !== 'Z') return true
    const unit = asked.shift()
    if (isOver || (unit && !(await isPassed('answers', unit)))) return false
    answers.pass()
    return true
  }

  // Whichever side goes, the other one is told.
  const end = (socket: Socket) => () => (isOver ? undefined : socket.end())
  void readFrames(client, createFramer('client'), passRequest).finally(end(upstream))
  void readFrames(upstream, createFramer('server'), passAnswer)
    .then(() => (isOver ? undefined : answers.pass()))
    .finally(end(client))
  client.on('close', () => upstream.destroySoon())
  upstream.on('close', () => (isOver ? undefined : client.destroySoon()))
}

/** Frames that wait to be passed on together. */
function createHeap(to: Socket) {
  let held: Buffer[] = []
  return {
    hold: ({ bytes }: Frame) => held.push(bytes),
    pass: () => {
      to.write(Buffer.concat(held))
      held = []
    },
  }
}

/** Until the connection ends, is broken, or is not wanted any more; then it is closed. */
async function readFrames(
  socket: Socket,
  frames: (chunk: Buffer) => Frame[],
  pass: (frame: Frame) => Promise<boolean>,
): Promise<void> {
  try {
    for await (const chunk of socket as AsyncIterable<Buffer>)
      if (!(await passAll(frames(chunk), pass))) return
  } catch {
    // Reset by the other side.
  }
}

async function passAll(frames: Frame[], pass: (frame: Frame) => Promise<boolean>): Promise<boolean> {
  for (const frame of frames) if (!(await pass(frame))) return false
  return true
}

const BEGIN = /^\s*(begin|start transaction)\b/i
const END = /^\s*(commit|end|rollback)\b(?!\s+to\b)/i
const COMMIT = /^\s*(commit|end)\b/i

/** Gathers frames into units; null for a frame that is passed on by itself. A statement outside of a transaction is one. */
function createUnits(): (frame: Frame) => Unit | 'incomplete' | null {
  const textOf = createStatements()
  let texts: string[] = []
  let transaction: string[] = []
  let isInside = false
  return (frame) => {
    const text = textOf(frame)
    if (text !== null) texts.push(text)
    if ('PBDEC'.includes(frame.type) && frame.type !== '') return 'incomplete'
    if (frame.type !== 'Q' && frame.type !== 'S') return null
    const isBeginning = texts.some((each) => BEGIN.test(each))
    if (!isInside) transaction = []
    transaction.push(...texts)
    const isEnding = texts.some((each) => COMMIT.test(each)) || (!isInside && !isBeginning)
    isInside = (isInside || isBeginning) && !texts.some((each) => END.test(each))
    const unit = { texts, transaction: [...transaction], isBeginning, isEnding }
    texts = []
    return unit
  }
}

function connectTo(databaseUrl: string): Socket {
  const url = new URL(databaseUrl)
  const port = url.port || '5432'
  const folder = url.searchParams.get('host')
  return folder ? connect(`${folder}/.s.PGSQL.${port}`) : connect(Number(port), url.hostname)
}

function through(databaseUrl: string, port: number): string {
  const url = new URL(databaseUrl)
  url.searchParams.delete('host')
  url.hostname = '127.0.0.1'
  url.port = String(port)
  return url.href
}
