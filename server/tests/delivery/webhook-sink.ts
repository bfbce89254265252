import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text as readText } from 'node:stream/consumers'

/** One request that came in. */
export interface Received {
  path: string
  headers: IncomingHttpHeaders
  text: string
  // oxlint-disable-next-line typescript/no-explicit-any -- tests look into payloads of every shape
  body: any
}

/** Answers in place of 200; what it leaves open hangs. */
export type Behave = (received: Received, response: ServerResponse) => void

/** Somebody outside who is told what happens: keeps what comes in, and answers as it is told to. */
export interface Sink extends AsyncDisposable {
  url(path?: string): string
  /** `host:port`, as PARLEY_FETCH_ALLOW has it. */
  place: string
  received: Received[]
  behave(how: Behave): void
}

const ok: Behave = (_received, response) => void response.writeHead(200).end('ok')

export async function openSink(): Promise<Sink> {
  const received: Received[] = []
  let behave = ok
  const take = async (request: IncomingMessage, response: ServerResponse) => {
    const text = await readText(request)
    const one = { path: request.url ?? '', headers: request.headers, text, body: JSON.parse(text) as unknown }
    received.push(one)
    behave(one, response)
  }
  // A sender that dies in the middle has said nothing.
  const server = createServer((request, response) => void take(request, response).catch(() => undefined))
  server.keepAliveTimeout = 60_000
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  const place = `127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    url: (path = '/hook') => `http://${place}${path}`,
    place,
    received,
    behave: (how) => {
      behave = how
    },
    [Symbol.asyncDispose]: async () => {
      const closed = new Promise((resolve) => void server.close(resolve))
      server.closeAllConnections()
      await closed
    },
  }
}
