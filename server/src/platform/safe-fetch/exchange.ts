import { request as httpRequest, type IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import type { Target } from './target.ts'

export type Method = 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/** What one hop sends. */
export interface Sending {
  method: Method
  headers: Record<string, string>
  body: Uint8Array | string | null
}

const HEADER_BYTES = 16 * 1024
const MOST_INTERIM_ANSWERS = 8
// Ours to say; a caller's header of this name would desynchronise the connection or name another host.
const OWN_HEADERS = new Set(
  'host connection content-length transfer-encoding accept-encoding te trailer upgrade expect keep-alive'.split(
    ' ',
  ),
)

/** One request and the head of its answer over an open socket, which serves nothing else and is closed with it. */
export function exchange(
  target: Target,
  sending: Sending,
  socket: Socket,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const fail = (error: Error) => {
      socket.destroy()
      reject(error)
    }
    const abort = () => fail(new Error('aborted'))
    signal.addEventListener('abort', abort, { once: true })
    if (signal.aborted) return abort()
    const request = httpRequest({
      createConnection: () => socket,
      method: sending.method,
      path: target.url.pathname + target.url.search,
      headers: headersOf(target, sending),
      maxHeaderSize: HEADER_BYTES,
    })
    let interim = 0
    request.on('information', () => (interim += 1) > MOST_INTERIM_ANSWERS && fail(new Error('too many 1xx')))
    request.on('upgrade', () => fail(new Error('unasked upgrade')))
    request.on('error', fail)
    request.on('close', () => signal.removeEventListener('abort', abort))
    request.on('response', (response) => {
      response.on('error', () => {})
      resolve(response)
    })
    request.end(sending.body ?? undefined)
  })
}

function headersOf(target: Target, sending: Sending): Record<string, string> {
  const headers: Record<string, string> = { accept: '*/*', 'user-agent': 'Parley' }
  for (const [name, value] of Object.entries(sending.headers)) {
    if (!OWN_HEADERS.has(name.toLowerCase())) headers[name.toLowerCase()] = value
  }
  headers['host'] = target.url.host
  headers['accept-encoding'] = 'identity'
  if (sending.body !== null) headers['content-length'] = String(Buffer.byteLength(sending.body))
  return headers
}
