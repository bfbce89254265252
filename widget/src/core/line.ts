import { beginAttempt, type Attempt } from './attempt.ts'
import { waitAfter } from './backoff.ts'
import { createPoll } from './poll.ts'
import type { Cancel, Ports } from './ports.ts'
import type { ClientFrame, ServerFrame, Updates } from './protocol.ts'
import type { LineStatus } from './snapshot.ts'

/** So many upgrades that never opened: sockets are blocked here, or the token is not good any more. */
const DOUBT = 3
/** How often a socket is tried while polling does the work. */
const RETRY_BESIDE_POLL = 120_000
/** The server restarts, or is behind: everybody meets it at once. */
const CROWDED = new Set([1012, 1013])

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
  const { clock, random } = ports
  let attempt: Attempt | null = null
  let isReady = false
  let hasEverOpened = false
  let unopened = 0
  let failures = 0
  let isPollGood = true
  let cancelWait: Cancel = () => {}
  const poll = createPoll(ports, {
    ...owner,
    answered(isGood) {
      // What failed may have been the server, not the kind of line: with the server back, a socket may open again.
      if (isGood && !isPollGood && attempt === null) connect()
      isPollGood = isGood
      owner.status(isGood ? 'polling' : 'lost')
    },
  })

  function drop(): void {
    cancelWait()
    attempt?.drop()
    attempt = null
    isReady = false
  }

  function connect(): void {
    drop()
    if (!poll.isOn() && failures === 0) owner.status('connecting')
    attempt = beginAttempt(ports, owner.token(), { opened, frame, closed })
  }

  function opened(): void {
    hasEverOpened = true
    unopened = 0
    attempt?.send({ type: 'hello', after: owner.cursor() })
  }

  function frame(came: ServerFrame): void {
    if (came.type === 'ready') {
      isReady = true
      failures = 0
      poll.stop()
      owner.status('live')
    }
    if (came.type !== 'beat') owner.take(came)
  }

  function closed(code: number, hadOpened: boolean): void {
    drop()
    failures += 1
    if (!hadOpened) unopened += 1
    if (code === 4401 && failures <= DOUBT) {
      owner.status('lost')
      owner.ended()
    } else retry(CROWDED.has(code))
  }

  function retry(isCrowded: boolean): void {
    if (isCrowded) failures = Math.max(failures, 3)
    const isDoubtful = unopened > 0 && unopened % DOUBT === 0
    if (isDoubtful && !hasEverOpened) poll.start()
    if (!poll.isOn()) owner.status('lost')
    cancelWait = clock.after(poll.isOn() ? RETRY_BESIDE_POLL : waitAfter(failures, random), connect)
    if (isDoubtful) owner.doubted()
  }

  return {
    open: connect,
    close() {
      drop()
      poll.stop()
      failures = 0
      owner.status('closed')
    },
    again: () => closed(0, true),
    wake() {
      poll.wake()
      if (attempt !== null) attempt.probe()
      else if (!poll.isOn()) connect()
    },
    isLive: () => isReady,
    isPolling: () => poll.isOn(),
    send: (sent) => attempt?.send(sent) ?? false,
  }
}
