import type { IncomingMessage } from 'node:http'
import type { Connection } from './connect.ts'
import type { Target } from './target.ts'

/** How long and how many connections stay open for the next request. */
export interface KeepAlive {
  idleMs: number
  mostIdlePerTarget: number
}

/** Open connections that nobody uses just now. */
export interface IdleConnections {
  /** One to the target at an address that was just judged fit, the last used first: what is too many comes of age. */
  take(target: Target, addresses: readonly string[]): Connection | null
  /** Lays one down after this answer of the target. */
  keep(target: Target, connection: Connection, response: IncomingMessage): void
  /** Closes them all, and what is laid down from now on. */
  close(): void
}

interface Idle extends Connection {
  key: string
  /** Hears nothing of the socket from now on. */
  release(): void
}

/** Of all targets together: each is a file descriptor. */
const MOST_IDLE = 512
/** A server closes at the time it names; a request on its way should arrive before. */
const MARGIN_MS = 1000

export function createIdleConnections({ idleMs, mostIdlePerTarget }: KeepAlive): IdleConnections {
  let kept: Idle[] = []
  let isClosed = false
  const forget = (idle: Idle) => {
    idle.release()
    kept = kept.filter((other) => other !== idle)
  }
  const drop = (idle: Idle | undefined) => {
    if (!idle) return
    forget(idle)
    idle.socket.destroy()
  }
  return {
    take: (target, addresses) => {
      const key = keyOf(target)
      const found = kept.findLast((idle) => idle.key === key && addresses.includes(idle.address))
      if (!found) return null
      forget(found)
      found.socket.ref()
      return { socket: found.socket, address: found.address }
    },
    keep: (target, { socket, address }, response) => {
      const patience = Math.min(idleMs, hintOf(response) - MARGIN_MS)
      if (isClosed || patience <= 0 || !socket.readable || !socket.writable) {
        socket.destroy()
        return
      }
      const idle: Idle = {
        key: keyOf(target),
        socket,
        address,
        release: onEnd(socket, patience, () => drop(idle)),
      }
      kept.push(idle)
      socket.unref()
      const ofTarget = kept.filter(({ key }) => key === idle.key)
      if (ofTarget.length > mostIdlePerTarget) drop(ofTarget[0])
      if (kept.length > MOST_IDLE) drop(kept[0])
    },
    close: () => {
      isClosed = true
      for (const idle of kept) drop(idle)
    },
  }
}

/** What is said unasked would be taken for the answer to the next request. */
function onEnd(socket: Connection['socket'], patience: number, end: () => void): () => void {
  const signs = ['data', 'end', 'error', 'close', 'timeout'] as const
  for (const sign of signs) socket.on(sign, end)
  socket.setTimeout(patience)
  return () => {
    socket.setTimeout(0)
    for (const sign of signs) socket.off(sign, end)
  }
}

const keyOf = ({ url, hostname, port }: Target) => `${url.protocol}//${hostname}:${port}`

/** `Keep-Alive: timeout=5`: how long the server waits. */
function hintOf({ headers }: IncomingMessage): number {
  const seconds = /(?:^|[\s,])timeout=(\d{1,9})/i.exec(headers['keep-alive']?.toString() ?? '')?.[1]
  return seconds === undefined ? Infinity : Number(seconds) * 1000
}
