import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

export interface Received {
  body: { custom_channel_id: string; client_id: string; type: string; data: string }
  authorization: string | undefined
}

/** A custom app's webhook on loopback: keeps what it gets, and answers what it is told to. */
export interface CustomAppServer extends AsyncDisposable {
  url: string
  /** For PARLEY_FETCH_ALLOW. */
  place: string
  received: Received[]
  /** Statuses of the next answers; 200 when none are left. */
  answers: number[]
}

export async function openCustomAppServer(): Promise<CustomAppServer> {
  const received: Received[] = []
  const answers: number[] = []
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      received.push({ body: JSON.parse(body), authorization: request.headers.authorization })
      response.writeHead(answers.shift() ?? 200).end()
    })
  })
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  const place = `127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    url: `http://${place}/parley`,
    place,
    received,
    answers,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => void server.close(resolve))
    },
  }
}
