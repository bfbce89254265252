import type { Cancel, Ports } from './ports.ts'
import type { ClientFrame, ServerFrame } from './protocol.ts'

/** An upgrade that takes longer has failed. */
const OPENING = 10_000
/** The server beats every 20 s: a line silent for longer than two beats is dead, whatever the browser says. */
const SILENCE = 45_000
/** How long a line that may have died in a laptop's sleep has for one beat. */
const ANSWER = 5_000

export interface AttemptOwner {
  opened(): void
  frame(frame: ServerFrame): void
  /** Once, however it ended; not after it was dropped. */
  closed(code: number, hadOpened: boolean): void
}

/** One socket, from the upgrade to its end. */
export interface Attempt {
  send(frame: ClientFrame): boolean
  /** Asks for a sign of life. */
  probe(): void
  drop(): void
}

export function beginAttempt(
  { clock, server }: Pick<Ports, 'clock' | 'server'>,
  token: string,
  owner: AttemptOwner,
): Attempt {
  let isOpen = false
  let isOver = false
  let cancelTimer: Cancel = () => {}

  function limit(milliseconds: number): void {
    cancelTimer()
    cancelTimer = clock.after(milliseconds, () => end(0))
  }

  function end(code: number): void {
    if (isOver) return
    drop()
    owner.closed(code, isOpen)
  }

  function drop(): void {
    isOver = true
    cancelTimer()
    socket.close()
  }

  function send(frame: ClientFrame): boolean {
    if (!isOpen || isOver) return false
    socket.send(JSON.stringify(frame))
    return true
  }

  const socket = server.openSocket(token, {
    opened() {
      if (isOver) return
      isOpen = true
      limit(SILENCE)
      owner.opened()
    },
    frame(text) {
      if (isOver) return
      limit(SILENCE)
      owner.frame(JSON.parse(text) as ServerFrame)
    },
    closed: end,
  })
  limit(OPENING)

  return {
    send,
    drop,
    probe() {
      if (!isOpen || isOver) return
      limit(ANSWER)
      send({ type: 'beat' })
    },
  }
}
