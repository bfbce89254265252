import { connect, type Socket } from 'node:net'

/** One request, as it goes over the wire. */
export interface WireRequest {
  method: string
  path: string
  headers: Record<string, string>
  body: string
}

export interface LoadResult {
  requestsPerSecond: number
  p50: number
  p99: number
  /** How many answers had another status than 2xx. */
  failures: number
}

/** Sends requests over so many connections, one at a time on each, until the time is over. Latencies in milliseconds. */
export async function load(
  port: number,
  settings: { connections: number; seconds: number; next(index: number): WireRequest },
): Promise<LoadResult> {
  const latencies: number[] = []
  let failures = 0
  let index = 0
  const startedAt = performance.now()
  const endsAt = startedAt + settings.seconds * 1000
  const worker = async () => {
    const client = await openClient(port)
    while (performance.now() < endsAt) {
      const sentAt = performance.now()
      const status = await client.send(settings.next(index++))
      latencies.push(performance.now() - sentAt)
      if (status < 200 || status > 299) failures += 1
    }
    client.close()
  }
  await Promise.all(Array.from({ length: settings.connections }, worker))
  const seconds = (performance.now() - startedAt) / 1000
  latencies.sort((a, b) => a - b)
  const at = (share: number) =>
    latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))] ?? 0
  return { requestsPerSecond: latencies.length / seconds, p50: at(0.5), p99: at(0.99), failures }
}

interface Client {
  send(request: WireRequest): Promise<number>
  close(): void
}

/** A keep-alive connection that does no more than a benchmark needs: sends, and finds the end of the answer by its length. */
async function openClient(port: number): Promise<Client> {
  const socket = await new Promise<Socket>((resolve, reject) => {
    const opened = connect({ port, host: '127.0.0.1', noDelay: true }, () => resolve(opened))
    opened.once('error', reject)
  })
  let received = Buffer.alloc(0)
  let settle: ((status: number) => void) | null = null
  socket.on('data', (chunk) => {
    received = received.length === 0 ? chunk : Buffer.concat([received, chunk])
    const headEnd = received.indexOf('\r\n\r\n')
    if (headEnd < 0) return
    const head = received.toString('latin1', 0, headEnd)
    const length = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0)
    if (received.length < headEnd + 4 + length) return
    received = received.subarray(headEnd + 4 + length)
    settle?.(Number(head.slice(9, 12)))
  })
  socket.on('error', () => settle?.(0))
  return {
    send: ({ method, path, headers, body }) => {
      const lines = Object.entries({ ...headers, 'content-length': String(Buffer.byteLength(body)) })
      const head = `${method} ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`
      socket.write(head + body)
      return new Promise((resolve) => {
        settle = resolve
      })
    },
    close: () => socket.destroy(),
  }
}
