import { once } from 'node:events'
import type { AddressInfo, Socket } from 'node:net'
import { WebSocket, type ClientOptions } from 'ws'
import type { Composed } from '../../src/main/compose.ts'

// oxlint-disable-next-line typescript/no-explicit-any -- tests look into frames of every shape
export type Frame = Record<string, any> & { type: string }

export interface Closed {
  code: number
  reason: string
}

/** The other end of a line, which remembers what it was told. */
export interface TestLine {
  ws: WebSocket
  frames: Frame[]
  send(frame: object): void
  /** The first frame that fits, told already or yet to come. */
  find(fits: (frame: Frame) => boolean): Promise<Frame>
  /** The first of that type. */
  first(type: string): Promise<Frame>
  ofType(type: string): Frame[]
  closed: Promise<Closed>
  /** Told of each frame as it comes. */
  onFrame(frame: Frame): void
  end(): void
  /** As a network does that gives up: RST. */
  reset(): void
}

export interface LineOptions {
  protocols?: string[]
  headers?: Record<string, string>
  ws?: ClientOptions
}

/** Has the house listen on a port of its own. */
export async function listen({ app }: Composed): Promise<number> {
  if (!app.server.listening) await app.listen({ host: '127.0.0.1', port: 0 })
  return (app.server.address() as AddressInfo).port
}

/** An open line; throws `status <n>` when it was refused. */
export async function connect(port: number, path: string, options: LineOptions = {}): Promise<TestLine> {
  const { protocols = [], headers = {} } = options
  const ws = new WebSocket(`ws://127.0.0.1:${port}${path}`, protocols, { headers, ...options.ws })
  const line = follow(ws)
  await new Promise<void>((resolve, reject) => {
    ws.once('open', resolve)
    ws.once('unexpected-response', (request, answer) => {
      request.destroy()
      reject(new Error(`status ${answer.statusCode}`))
    })
    ws.once('error', reject)
  })
  return line
}

function follow(ws: WebSocket): TestLine {
  const frames: Frame[] = []
  const waiting = new Set<() => void>()
  ws.on('message', (data) => {
    const frame = JSON.parse(String(data)) as Frame
    frames.push(frame)
    line.onFrame(frame)
    for (const look of waiting) look()
  })
  ws.on('error', () => undefined)
  const find = (fits: (frame: Frame) => boolean) =>
    new Promise<Frame>((resolve) => {
      const look = () => {
        const found = frames.find(fits)
        if (!found) return
        waiting.delete(look)
        resolve(found)
      }
      waiting.add(look)
      look()
    })
  const line: TestLine = {
    ws,
    frames,
    find,
    first: (type) => find((frame) => frame.type === type),
    ofType: (type) => frames.filter((frame) => frame.type === type),
    send: (frame) => ws.send(JSON.stringify(frame)),
    closed: once(ws, 'close').then(([code, reason]) => ({ code: Number(code), reason: String(reason) })),
    onFrame: () => undefined,
    end: () => ws.terminate(),
    reset: () => {
      // The library has no word for it.
      const { _socket: socket } = ws as unknown as { _socket: Socket }
      socket.resetAndDestroy()
    },
  }
  return line
}

/** How a connection was refused; `open` when it was not. */
export async function outcomeOf(opening: Promise<TestLine>): Promise<string> {
  try {
    const line = await opening
    line.end()
    return 'open'
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}
