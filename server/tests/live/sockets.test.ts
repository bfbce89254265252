import { once } from 'node:events'
import { request, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { deflateRawSync } from 'node:zlib'
import { fastify, type FastifyInstance } from 'fastify'
import { expect, test } from 'vitest'
import { SOCKET_BOUNDS, type SocketBounds } from '../../src/platform/sockets/bounds.ts'
import type { Line } from '../../src/platform/sockets/line.ts'
import { asksForSocket, carrySockets, openLine } from '../../src/platform/sockets/sockets.ts'
import { connectRaw } from './raw.ts'
import { connect, outcomeOf } from './wire.ts'

interface Carrier extends AsyncDisposable {
  app: FastifyInstance
  port: number
  lines: Line[]
  heard: string[]
  requests: WeakRef<object>[]
  /** As many lines as have ended. */
  ended: () => number
}

/** A server with one socket that remembers what it hears, and nothing else of ours. */
async function carry(bounds: Partial<SocketBounds> = {}): Promise<Carrier> {
  const app = fastify({ http: { shouldUpgradeCallback: asksForSocket }, forceCloseConnections: true })
  carrySockets(app, bounds)
  const lines: Line[] = []
  const heard: string[] = []
  const requests: WeakRef<object>[] = []
  let ended = 0
  app.get('/socket', (request, reply) => {
    requests.push(new WeakRef(request.raw))
    const opened = openLine(request, reply, {
      protocol: 'test',
      open: (line) => {
        lines.push(line)
        return {
          onFrame: (text) => {
            if (text === 'throw') throw new Error('what a listener throws')
            heard.push(text)
          },
          onClose: () => void (ended += 1),
        }
      },
    })
    if (opened !== 'opened') void reply.code(opened === 'full' ? 429 : 426).send({ opened })
    return opened === 'opened' ? undefined : reply
  })
  await app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = app.server.address() as AddressInfo
  return { app, port, lines, heard, requests, ended: () => ended, [Symbol.asyncDispose]: () => app.close() }
}

async function statusOf(port: number, headers: Record<string, string>): Promise<number | undefined> {
  const asking = request({ host: '127.0.0.1', port, path: '/socket', headers }).end()
  const [answer] = (await once(asking, 'response')) as [IncomingMessage]
  answer.resume()
  return answer.statusCode
}

/** Time in a hundredth: what takes seconds takes as many tens of milliseconds. */
const QUICK = { beatMs: 200, deadMs: 400, helloMs: 100, closingMs: 50, tickMs: 10 }

test('a route becomes a socket, and stays a route for everybody else', async () => {
  await using carrier = await carry()
  const line = await connect(carrier.port, '/socket', { protocols: ['test', 'secret.abc'] })
  expect(line.ws.protocol).toBe('test')
  line.end()
  expect(await statusOf(carrier.port, {})).toBe(426)
  // Other words of `Upgrade` are passed over.
  expect(await statusOf(carrier.port, { connection: 'upgrade', upgrade: 'h2c' })).toBe(426)
  expect(await outcomeOf(connect(carrier.port, '/elsewhere'))).toBe('status 404')
  const key = { 'sec-websocket-key': 'x'.repeat(22) + '==', connection: 'upgrade', upgrade: 'websocket' }
  expect(await statusOf(carrier.port, { ...key, 'sec-websocket-version': '7' })).toBe(400)
  expect(await statusOf(carrier.port, { connection: 'upgrade', upgrade: 'websocket' })).toBe(400)
})

test('nothing of the request is kept with its line', async () => {
  await using carrier = await carry()
  const line = await connect(carrier.port, '/socket')
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  await expect
    .poll(() => {
      collect()
      return carrier.requests.map((request) => request.deref())
    })
    .toEqual([undefined])
  expect(carrier.lines[0]?.isOpen).toBe(true)
  line.end()
})

test('lines from one place are bounded, and those that end make room', async () => {
  await using carrier = await carry({ perPlace: 2, perAccount: 1 })
  const first = await connect(carrier.port, '/socket')
  const second = await connect(carrier.port, '/socket')
  expect(await outcomeOf(connect(carrier.port, '/socket'))).toBe('status 429')
  expect([carrier.lines[0]?.belongTo('a'), carrier.lines[1]?.belongTo('a')]).toEqual([true, false])
  first.ws.close()
  await first.closed
  await expect.poll(() => outcomeOf(connect(carrier.port, '/socket'))).toBe('open')
  await expect.poll(() => carrier.lines.at(-1)?.isOpen).toBe(false)
  expect(carrier.lines[1]?.belongTo('a')).toBe(true)
  second.end()
})

test('a line that goes silent is found, one that answers is kept', async () => {
  await using carrier = await carry({ ...QUICK, helloMs: 60_000 })
  const alive = await connect(carrier.port, '/socket')
  // Half open: the other side is gone, and nothing says so.
  const gone = await connect(carrier.port, '/socket')
  gone.ws.pause()
  const since = performance.now()
  await expect.poll(() => carrier.ended(), { timeout: 30_000, interval: 5 }).toBe(1)
  expect(performance.now() - since).toBeGreaterThan(QUICK.deadMs - QUICK.tickMs)
  expect(carrier.lines.map(({ isOpen }) => isOpen)).toEqual([true, false])
  expect(alive.ofType('beat').length).toBeGreaterThan(0)
  // The usual bounds find it in less than 45 s: heard of last just after it was looked at.
  expect(SOCKET_BOUNDS.deadMs + SOCKET_BOUNDS.tickMs).toBeLessThan(45_000)
  alive.end()
  gone.end()
})

test('who says nothing is sent away', async () => {
  await using carrier = await carry(QUICK)
  const silent = await connect(carrier.port, '/socket')
  expect(await silent.closed).toEqual({ code: 4408, reason: 'no hello in time' })
})

test('a stop tells every line, and waits for none', async () => {
  const carrier = await carry()
  const line = await connect(carrier.port, '/socket')
  const deaf = await connect(carrier.port, '/socket')
  deaf.ws.pause()
  const since = performance.now()
  await carrier.app.close()
  expect(performance.now() - since).toBeLessThan(2500)
  expect(await line.closed).toEqual({ code: 1012, reason: 'restart' })
  deaf.end()
})

test('a slow reader is closed and harms nobody', async () => {
  await using carrier = await carry({ closingMs: 300, tickMs: 10 })
  const fast = await connect(carrier.port, '/socket')
  const slow = await connect(carrier.port, '/socket')
  slow.ws.pause()
  const [toFast, toSlow] = carrier.lines
  const frame = Buffer.from(JSON.stringify({ type: 'message', text: 'x'.repeat(2000) }))
  let sent = 0
  const before = process.memoryUsage().arrayBuffers
  // Beyond what the system keeps for a connection: some megabytes.
  const isSlowOpen = () => toSlow?.isOpen
  for (; isSlowOpen() && sent < 50_000; sent += 1) {
    toSlow?.send(frame)
    toFast?.send(frame)
    if (sent % 50 === 0) await new Promise(setImmediate)
  }
  expect(toSlow?.isOpen).toBe(false)
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(16 * 1024 * 1024)
  await expect.poll(() => fast.ofType('message').length, { timeout: 30_000 }).toBe(sent)
  expect(toFast?.isOpen).toBe(true)
  await expect.poll(() => carrier.ended(), { timeout: 30_000 }).toBe(1)
  fast.end()
  slow.ws.resume()
  slow.end()
}, 60_000)

test('a slow reader that reads again is told why', async () => {
  await using carrier = await carry({ closingMs: 60_000 })
  const slow = await connect(carrier.port, '/socket')
  slow.ws.pause()
  const [line] = carrier.lines
  const frame = Buffer.from(JSON.stringify({ type: 'message', text: 'x'.repeat(20_000) }))
  const isOpen = () => line?.isOpen
  while (isOpen()) line?.send(frame)
  slow.ws.resume()
  expect(await slow.closed).toEqual({ code: 1013, reason: 'slow reader' })
})

test('whoever has much to say waits for the reader instead', async () => {
  await using carrier = await carry()
  const reader = await connect(carrier.port, '/socket')
  const [line] = carrier.lines
  const text = 'x'.repeat(20_000)
  for (let count = 0; count < 500; count += 1)
    await line?.push(JSON.stringify({ type: 'message', count, text }))
  await expect.poll(() => reader.frames.length).toBe(500)
  expect(line?.isOpen).toBe(true)
  reader.end()
  await once(reader.ws, 'close')
  await line?.push('to nobody')
})

const TINY = Buffer.from('x')
const EVERY_FLOOD: [name: string, code: number, next: (frame: FrameOf) => Buffer][] = [
  ['tiny frames', 1008, (frame) => frame(1, TINY)],
  ['frames of nothing', 1008, (frame) => frame(1)],
  ['pings', 1008, (frame) => frame(9, TINY)],
  ['pongs', 1008, (frame) => frame(10, Buffer.alloc(125))],
  ['fragments that never end', 1008, (frame) => frame(0, Buffer.alloc(0), { isFinal: false })],
]
type FrameOf = Awaited<ReturnType<typeof connectRaw>>['frame']

test.each(EVERY_FLOOD)(
  'a flood of %s ends',
  async (name, code, next) => {
    await using carrier = await carry({ closingMs: 50, tickMs: 10 })
    const neighbour = await connect(carrier.port, '/socket')
    await using line = await connectRaw(carrier.port, '/socket')
    if (name.startsWith('fragments')) await line.write(line.frame(1, TINY, { isFinal: false }))
    const some = Buffer.concat(Array.from({ length: 1000 }, () => next(line.frame)))
    // A million frames, unless somebody ends it.
    for (let count = 0; count < 1000 && !line.socket.destroyed && line.socket.writable; count += 1)
      await Promise.race([line.write(some), line.code])
    expect(await line.code).toBe(code)
    expect(carrier.heard.length).toBeLessThanOrEqual(SOCKET_BOUNDS.burstFrames)
    neighbour.ws.send('still here')
    await expect.poll(() => carrier.heard.at(-1)).toBe('still here')
    neighbour.end()
  },
  60_000,
)

test('frames that break a bound end their line alone', async () => {
  await using carrier = await carry()
  const outcomes: (number | null)[] = []
  const big = await connect(carrier.port, '/socket')
  big.ws.send('x'.repeat(65_537))
  outcomes.push((await big.closed).code)
  const bytes = await connect(carrier.port, '/socket')
  bytes.ws.send(Buffer.from('{}'))
  outcomes.push((await bytes.closed).code)
  const bug = await connect(carrier.port, '/socket')
  bug.ws.send('throw')
  outcomes.push((await bug.closed).code)
  // A megabyte in a thousand bytes: nothing was agreed of compression, and nothing is decompressed.
  await using bomb = await connectRaw(carrier.port, '/socket')
  await bomb.write(bomb.frame(1, deflateRawSync(Buffer.alloc(1_000_000)), { isCompressed: true }))
  outcomes.push(await bomb.code)
  await using nonsense = await connectRaw(carrier.port, '/socket')
  await nonsense.write(Buffer.from('GET / HTTP/1.1\r\n\r\n'))
  outcomes.push(await nonsense.code)
  expect(outcomes).toEqual([1009, 1003, 1011, 1002, 1002])
  expect(carrier.heard).toEqual([])
})

test('a frame of all that is allowed is heard', async () => {
  await using carrier = await carry()
  const line = await connect(carrier.port, '/socket')
  line.ws.send('x'.repeat(65_536))
  await expect.poll(() => carrier.heard.length).toBe(1)
  line.end()
})
