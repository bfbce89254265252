import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'

/** A line between a browser and the server that can be cut, and left silent. */
export interface Proxy extends AsyncDisposable {
  origin: string
  port: number
  /** Resets all connections, and takes no more until it is mended. */
  cut(): void
  mend(): void
  /** From now on nothing comes through, in either direction, on what is open or is opened: as when a laptop sleeps. */
  freeze(): void
  connections(): number
}

export async function openProxy(target: number): Promise<Proxy> {
  const pairs = new Set<[Socket, Socket]>()
  let isCut = false
  let isFrozen = false
  const server = createServer((near) => {
    if (isCut) {
      near.resetAndDestroy()
      return
    }
    const far = connect(target, '127.0.0.1')
    const pair: [Socket, Socket] = [near, far]
    pairs.add(pair)
    for (const [one, other] of [pair, pair.toReversed()] as [Socket, Socket][]) {
      one.on('data', (bytes) => {
        if (!isFrozen) other.write(bytes)
      })
      one.on('end', () => !isFrozen && other.end())
      one.on('error', () => other.destroy())
      one.on('close', () => {
        pairs.delete(pair)
        if (!isFrozen) other.destroy()
      })
    }
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('listening nowhere')
  const reset = () => {
    for (const pair of pairs) for (const socket of pair) socket.destroy()
    pairs.clear()
  }
  return {
    origin: `http://127.0.0.1:${address.port}`,
    port: address.port,
    cut: () => {
      isCut = true
      reset()
    },
    mend: () => {
      isCut = false
      isFrozen = false
      reset()
    },
    freeze: () => {
      isFrozen = true
    },
    connections: () => pairs.size,
    [Symbol.asyncDispose]: async () => {
      reset()
      server.close()
      await once(server, 'close')
    },
  }
}
