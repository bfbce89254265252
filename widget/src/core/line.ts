import { waitAfter } from './backoff.ts'
import { createPoll } from './poll.ts'
import type { Cancel, Ports, Socket } from './ports.ts'
import type { ClientFrame, ServerFrame, Updates } from './protocol.ts'
import type { LineStatus } from './snapshot.ts'

/** An upgrade that takes longer has failed. */
const OPENING = 10_000
/** The server beats every 20 s: a line silent for longer than two beats is dead, whatever the browser says. */
const SILENCE = 45_000
/** How long a line that may have died in a laptop's sleep has for one beat. */
const ANSWER = 5_000
/** So many upgrades that never opened: sockets are blocked here, or the token is not good any more. */
const DOUBT = 3
/** How often a socket is tried while polling does the work. */
const RETRY_BESIDE_POLL = 120_000

export interface LineOwner {
  token(): string
  /** The `seq` up to which nothing is missing. */
  cursor(): number
  take(frame: ServerFrame): void
  update(updates: Updates): void
  status(status: LineStatus): void
  /** The token is not good any more. */
  ended(): void
  /** Upgrades fail and nobody says why: worth asking over HTTP. */
  doubted(): void
}

/** The way to the server that stays open: a socket, or long polling where that is blocked. */
export interface Line {
  open(): void
  close(): void
  /** The line is not to be trusted: takes another one, with what we have. */
  again(): void
  /** The network is back, or somebody looks: now rather than in a while. */
  wake(): void
  isLive(): boolean
  isPolling(): boolean
  send(frame: ClientFrame): boolean
}

export function createLine(ports: Ports, owner: LineOwner): Line {
  const { clock, server, random } = ports
  let socket: Socket | null = null
  let attempt = 0
  let isOpen = false
  let isReady = false
  let hasEverOpened = false
  let unopened = 0
  let failures = 0
  let isPollGood = true
  let cancelTimer: Cancel = () => {}
  const poll = createPoll(ports, {
    token: owner.token,
    cursor: owner.cursor,
    update: owner.update,
    ended: owner.ended,
    answered(isGood) {
      // What failed may have been the server, not the kind of line: with the server back, a socket may open again.
      if (isGood && !isPollGood && socket === null) connect()
      isPollGood = isGood
      owner.status(isGood ? 'polling' : 'lost')
    },
  })

  function arm(milliseconds: number, run: () => void): void {
    cancelTimer()
    cancelTimer = clock.after(milliseconds, run)
  }

  function connect(): void {
    drop()
    const mine = attempt
    if (!poll.isOn() && failures === 0) owner.status('connecting')
    socket = server.openSocket(owner.token(), {
      opened: () => mine === attempt && opened(),
      frame: (text) => mine === attempt && take(text),
      closed: (code) => mine === attempt && closed(code),
    })
    arm(OPENING, () => closed(0))
  }

  function drop(): void {
    attempt += 1
    cancelTimer()
    socket?.close()
    socket = null
    isOpen = isReady = false
  }

  function opened(): void {
    isOpen = hasEverOpened = true
    unopened = 0
    arm(SILENCE, () => closed(0))
    send({ type: 'hello', after: owner.cursor() })
  }

  function take(text: string): void {
    arm(SILENCE, () => closed(0))
    const frame = JSON.parse(text) as ServerFrame
    if (frame.type === 'ready') {
      isReady = true
      failures = 0
      poll.stop()
      owner.status('live')
    }
    if (frame.type !== 'beat') owner.take(frame)
  }

  function closed(code: number): void {
    if (!isOpen) unopened += 1
    drop()
    if (code === 4401 && failures < DOUBT) {
      failures += 1
      owner.status('lost')
      owner.ended()
      return
    }
    // A server that restarts, or is behind, is met by everybody at once.
    failures = Math.max(failures + 1, code === 1012 || code === 1013 ? 3 : 0)
    const isDoubtful = unopened > 0 && unopened % DOUBT === 0
    if (isDoubtful && !hasEverOpened) poll.start()
    if (!poll.isOn()) owner.status('lost')
    arm(poll.isOn() ? RETRY_BESIDE_POLL : waitAfter(failures, random), connect)
    if (isDoubtful) owner.doubted()
  }

  function send(frame: ClientFrame): boolean {
    if (!isOpen) return false
    socket?.send(JSON.stringify(frame))
    return true
  }

  return {
    open: connect,
    close() {
      drop()
      poll.stop()
      failures = unopened = 0
      owner.status('closed')
    },
    again: () => closed(0),
    wake() {
      poll.wake()
      if (isReady) {
        send({ type: 'beat' })
        arm(ANSWER, () => closed(0))
      } else if (socket === null && !poll.isOn()) connect()
    },
    isLive: () => isReady,
    isPolling: () => poll.isOn(),
    send,
  }
}
