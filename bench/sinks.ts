// Endpoints in a process of their own, told apart by path: `/good-1` answers, `/hangs` never does, `/drips` does so byte by byte, `/fails` with 500.
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What came in at a path since it was last asked for: when, and how long after it happened, in milliseconds. */
export interface Arrivals {
  count: number
  lags: number[]
  first: number
  last: number
}

let arrivals = new Map<string, Arrivals>()

function note(path: string, body: string): void {
  const now = Date.now()
  const happened = Date.parse(/"timestamp":"([^"]+)"/.exec(body)?.[1] ?? '')
  const known = arrivals.get(path) ?? { count: 0, lags: [], first: now, last: now }
  known.count += 1
  known.last = now
  known.lags.push(now - happened)
  arrivals.set(path, known)
}

function answer(path: string, response: ServerResponse): void {
  if (path === '/hangs') return
  if (path === '/fails') return void response.writeHead(500).end()
  if (path !== '/drips') return void response.writeHead(200).end()
  const timer = setInterval(() => response.writableLength === 0 && response.write('.'), 1000)
  response.once('close', () => clearInterval(timer))
  response.writeHead(200)
}

const server = createServer((request, response) => {
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('end', () => {
    const path = request.url ?? ''
    note(path, Buffer.concat(chunks).toString('utf8'))
    answer(path, response)
  })
})
server.keepAliveTimeout = 120_000
process.on('message', () => {
  process.send?.(Object.fromEntries(arrivals))
  arrivals = new Map()
})
server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port))
