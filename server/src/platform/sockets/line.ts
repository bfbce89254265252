import type { Socket } from 'node:net'
import type { RawData, WebSocket } from 'ws'
import { fullAllowance, spend, type Allowance, type AllowanceRule } from './allowance.ts'
import type { SocketBounds } from './bounds.ts'

/** What is said on a line. A frame that many get is encoded once, and given as bytes. */
export interface Line {
  /** A line on which too much waits already is closed instead: 1013 `slow reader`. */
  send(frame: string | Buffer): void
  /** The same for whoever has much to say: resolves when it has gone out, or never will. Nothing is too much then. */
  push(frame: string | Buffer): Promise<void>
  /** From then on nothing is said or heard. */
  close(code: number, reason: string): void
  readonly isOpen: boolean
  /** Counts it with the account's lines; false when the account has enough of them. */
  belongTo(accountId: string): boolean
}

/** What becomes of what is heard. */
export interface LineEars {
  /** A text frame. What it throws closes the line and nothing else. */
  onFrame(text: string): void
  onClose(): void
}

/** A line as the timer that all of them share sees it. */
export interface KeptLine {
  readonly line: Line
  /** Which of the timer's turns is its own. */
  readonly turn: number
  /** When it is to be cut; Infinity while nothing has to happen by then. */
  deadline: number
  heardAt: number
  /** Whether the deadline is that of the first frame. */
  isGreeted: boolean
  ping(): void
  cut(): void
}

export interface LineParts {
  ws: WebSocket
  socket: Socket
  bounds: SocketBounds
  turn: number
  now(): number
  belongTo(accountId: string): boolean
  onBug(error: unknown): void
  /** Exactly once, however it ended. */
  onGone(kept: KeptLine): void
}

const TEXT = { binary: false }
export const BEAT = Buffer.from('{"type":"beat"}')

export function createLine(parts: LineParts, open: (line: Line) => LineEars): KeptLine {
  const { ws, socket, bounds, now } = parts
  const bytes: AllowanceRule = { burst: bounds.burstBytes, perSecond: bounds.bytesPerSecond }
  const frames: AllowanceRule = { burst: bounds.burstFrames, perSecond: bounds.framesPerSecond }
  const bytesLeft: Allowance = fullAllowance(bytes, now())
  const framesLeft: Allowance = fullAllowance(frames, now())
  let isOpen = true

  const line: Line = {
    send: (frame) => {
      if (!isOpen) return
      const waiting = ws.bufferedAmount
      if (waiting > 0 && waiting + Buffer.byteLength(frame) > bounds.waitingBytes)
        line.close(1013, 'slow reader')
      else ws.send(frame, TEXT)
    },
    push: (frame) =>
      isOpen ? new Promise((resolve) => ws.send(frame, TEXT, () => resolve())) : Promise.resolve(),
    close: (code, reason) => {
      if (!isOpen) return
      isOpen = false
      kept.deadline = now() + bounds.closingMs
      ws.close(code, reason)
    },
    get isOpen() {
      return isOpen
    },
    belongTo: parts.belongTo,
  }
  const kept: KeptLine = {
    ...{ line, turn: parts.turn, heardAt: now(), deadline: now() + bounds.helloMs, isGreeted: false },
    ping: () => {
      if (!isOpen) return
      ws.ping()
      line.send(BEAT)
    },
    cut: () => ws.terminate(),
  }

  /** Nothing more of it is read: whoever floods is not listened to until it goes. */
  function stopFlood(): void {
    line.close(1008, 'flood')
    ws.pause()
  }

  function hear(data: RawData, isBinary: boolean): void {
    if (!isOpen) return
    if (!spend(framesLeft, 1, frames, now())) return stopFlood()
    if (isBinary) return line.close(1003, 'text only')
    if (!kept.isGreeted) {
      kept.isGreeted = true
      kept.deadline = Infinity
    }
    try {
      ears.onFrame(textOf(data))
    } catch (error) {
      parts.onBug(error)
      line.close(1011, 'internal')
    }
  }

  // Before the parser sees it: frames of no bytes, and frames that never end, are bytes here.
  socket.prependListener('data', (chunk: Buffer) => {
    kept.heardAt = now()
    if (isOpen && !spend(bytesLeft, chunk.length, bytes, kept.heardAt)) stopFlood()
  })
  ws.on('ping', (data) => {
    if (!isOpen) return
    if (spend(framesLeft, 1, frames, now())) ws.pong(data)
    else stopFlood()
  })
  ws.on('message', hear)
  // A frame that breaks the protocol: it closes itself.
  ws.on('error', () => undefined)
  ws.on('close', () => {
    isOpen = false
    parts.onGone(kept)
    ears.onClose()
  })
  const ears = open(line)
  return kept
}

/** Frames come as one buffer each: `binaryType` is left as it is. */
function textOf(data: RawData): string {
  return Buffer.isBuffer(data) ? data.toString() : ''
}
