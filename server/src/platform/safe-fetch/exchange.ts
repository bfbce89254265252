import { request as httpRequest, type ClientRequest, type IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import type { Target } from './target.ts'

export type Method = 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/** What one hop sends. */
export interface Sending {
  method: Method
  headers: Record<string, string>
  body: Uint8Array | string | null
}

/** What it is sent over: an open socket that serves nobody else meanwhile. */
export interface Line {
  socket: Socket
  /** It served before, so that its server may be closing it just now. */
  isReused: boolean
  /** Told once the answer was read to its end and another request may follow; null: the socket is closed with its request. */
  onFree: ((response: IncomingMessage) => void) | null
}

/** A socket that served before ended without one byte of an answer, which says nothing of the request. */
export class StaleConnection extends Error {
  override readonly name = 'StaleConnection'
}

const HEADER_BYTES = 16 * 1024
const MOST_INTERIM_ANSWERS = 8
// Ours to say; a caller's header of this name would desynchronise the connection or name another host.
const OWN_HEADERS = new Set(
  'host connection content-length transfer-encoding accept-encoding te trailer upgrade expect keep-alive'.split(
    ' ',
  ),
)

/** One request and the head of its answer. */
export async function exchange(
  target: Target,
  sending: Sending,
  line: Line,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  try {
    return await answered(requestOver(target, sending, line), sending, line, signal)
  } catch (failure) {
    line.socket.destroy()
    throw failure
  }
}

function requestOver(target: Target, sending: Sending, line: Line): ClientRequest {
  return httpRequest({
    createConnection: () => line.socket,
    method: sending.method,
    path: target.url.pathname + target.url.search,
    headers: headersOf(target, sending, line.onFree !== null),
    maxHeaderSize: HEADER_BYTES,
  })
}

function answered(
  request: ClientRequest,
  sending: Sending,
  line: Line,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const { socket, onFree } = line
  return new Promise((resolve, reject) => {
    const fail = (error: Error) => {
      socket.destroy()
      reject(error)
    }
    const abort = () => fail(new Error('aborted'))
    signal.addEventListener('abort', abort, { once: true })
    if (signal.aborted) abort()
    const isSilent = heardNothing(line)
    let interim = 0
    request.on('information', () => (interim += 1) > MOST_INTERIM_ANSWERS && fail(new Error('too many 1xx')))
    request.on('upgrade', () => fail(new Error('unasked upgrade')))
    request.on('error', (cause) => fail(isSilent() ? new StaleConnection('closed', { cause }) : cause))
    request.on('close', () => signal.removeEventListener('abort', abort))
    request.on('response', (response) => {
      response.on('error', () => {})
      // Who answers without reading what it is sent would hold the socket past the deadline.
      response.on('end', () => request.writableFinished || socket.destroy())
      if (onFree) socket.once('free', () => onFree(response))
      resolve(response)
    })
    request.end(sending.body ?? undefined)
  })
}

/** Of a socket that served before: whether nothing was answered since. */
function heardNothing({ socket, isReused }: Line): () => boolean {
  let isSilent = isReused
  // What the socket reads, not what arrives at it: the farewell of TLS is no answer.
  if (isReused) socket.once('data', () => (isSilent = false))
  return () => isSilent
}

function headersOf(target: Target, sending: Sending, isKept: boolean): Record<string, string> {
  const headers: Record<string, string> = { accept: '*/*', 'user-agent': 'Parley' }
  for (const [name, value] of Object.entries(sending.headers)) {
    if (!OWN_HEADERS.has(name.toLowerCase())) headers[name.toLowerCase()] = value
  }
  headers['host'] = target.url.host
  headers['accept-encoding'] = 'identity'
  if (isKept) headers['connection'] = 'keep-alive'
  if (sending.body !== null) headers['content-length'] = String(Buffer.byteLength(sending.body))
  return headers
}
