import { connect as connectTcp, isIP, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import type { Target } from './target.ts'

/** Opens a TCP socket to exactly this address. Tests hand in one that ends at a loopback listener. */
export type Dial = (address: string, port: number) => Socket

export const dialDirectly: Dial = (address, port) => connectTcp({ host: address, port, noDelay: true })

/** An open socket, and the address it leads to. */
export interface Connection {
  socket: Socket
  address: string
}

// A dead first address must leave time for the next one within the deadline of the whole fetch.
const CONNECT_MS = 4000
const MOST_ADDRESSES = 4

/** Dials the checked addresses in turn, by number, so that no second look-up can move the target; TLS still names the host. */
export async function openConnection(
  target: Target,
  addresses: readonly string[],
  dial: Dial,
  signal: AbortSignal,
): Promise<Connection> {
  let failure: unknown = new Error('no address')
  for (const address of addresses.slice(0, MOST_ADDRESSES)) {
    signal.throwIfAborted()
    try {
      return { socket: await opened(target, dial(address, target.port), signal), address }
    } catch (error) {
      failure = error
    }
  }
  throw failure
}

function opened(target: Target, plain: Socket, signal: AbortSignal): Promise<Socket> {
  const isTls = target.url.protocol === 'https:'
  const socket = isTls ? secured(target, plain) : plain
  return new Promise((resolve, reject) => {
    const fail = (error: Error) => {
      settle()
      socket.destroy()
      plain.destroy()
      reject(error)
    }
    const abort = () => fail(new Error('aborted'))
    const timer = setTimeout(() => fail(new Error('connect timed out')), CONNECT_MS)
    const settle = () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', abort)
    }
    signal.addEventListener('abort', abort, { once: true })
    socket.on('error', fail)
    plain.on('error', fail)
    socket.once(isTls ? 'secureConnect' : 'connect', () => {
      settle()
      resolve(socket)
    })
  })
}

function secured(target: Target, plain: Socket): Socket {
  const isLiteral = isIP(target.hostname) !== 0
  return connectTls({
    socket: plain,
    host: target.hostname,
    servername: isLiteral ? '' : target.hostname.replace(/\.$/, ''),
    ALPNProtocols: ['http/1.1'],
  })
}
