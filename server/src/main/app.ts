import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import {
  fastify,
  LogController,
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyRequest,
} from 'fastify'
import type { Config } from '../platform/config.ts'
import { readJson } from '../platform/json.ts'
import { REQUEST_ID_HEADER, requestIdFrom } from '../platform/request-id.ts'
import { logRequests } from '../platform/request-log.ts'
import { safeHeaders } from '../platform/response-headers.ts'
import type { SocketBounds } from '../platform/sockets/bounds.ts'
import { asksForSocket, carrySockets } from '../platform/sockets/sockets.ts'

const BODY_BYTES = 1_048_576
/** Of all headers together, the first line included. */
const HEADER_BYTES = 16_384
const MOST_HEADERS = 100
const URL_LENGTH = 8192
/** Longer than load balancers keep an idle connection, so that none of them is closed under a request. */
const KEEP_ALIVE_MS = 72_000
/** A connection on which nothing moves: whoever does not read an answer, or never ends a request. Long polls are shorter. */
const SILENCE_MS = 120_000

/** The HTTP server without a door in it: bounds, headers and the log of whatever will be mounted. */
export function createApp(
  config: Config,
  log: FastifyBaseLogger,
  sockets: Partial<SocketBounds> = {},
): FastifyInstance {
  const { http } = config
  const headers = safeHeaders(http.publicOrigin)
  const headersTimeout = http.headerSeconds * 1000
  const app = fastify({
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'requestId' }),
    genReqId: (raw) => requestIdFrom(raw.headers[REQUEST_ID_HEADER]),
    trustProxy: http.trustedProxies.length > 0 ? [...http.trustedProxies] : false,
    rewriteUrl: ({ url }) => decodable(url ?? '/'),
    bodyLimit: BODY_BYTES,
    requestTimeout: Math.max(http.requestSeconds * 1000, headersTimeout),
    keepAliveTimeout: KEEP_ALIVE_MS,
    connectionTimeout: SILENCE_MS,
    http: {
      headersTimeout,
      connectionsCheckingInterval: Math.min(headersTimeout / 4, 5000),
      maxHeaderSize: HEADER_BYTES,
      // Asked for below: what Node answers by itself has none of our headers.
      requireHostHeader: false,
      shouldUpgradeCallback: asksForSocket,
    },
    clientErrorHandler: refuseConnection(headers),
    forceCloseConnections: true,
    // The length of URLs is bounded below, in the words of whose they are.
    routerOptions: { ignoreTrailingSlash: true, ignoreDuplicateSlashes: true, maxParamLength: HEADER_BYTES },
    ajv: { customOptions: { coerceTypes: false, removeAdditional: false, useDefaults: false } },
  })
  app.addHook('onRequest', async (request, reply) => {
    reply.headers(headers).header(REQUEST_ID_HEADER, request.id)
    checkBounds(request)
  })
  app.server.on('checkExpectation', (_request: IncomingMessage, response: ServerResponse) => {
    response.writeHead(417, { ...headers, connection: 'close' }).end()
  })
  logRequests(app)
  const { socketsPerAddress: perPlace, socketsPerAccount: perAccount } = config.limits
  carrySockets(app, { perPlace, perAccount, ...sockets })
  app.removeContentTypeParser('application/json')
  app.addContentTypeParser(
    'application/json',
    { parseAs: 'string' },
    async (_request: unknown, text: string) => {
      return readJson(text)
    },
  )
  app.setNotFoundHandler((_request, reply) => reply.code(404).send({ error: 'Not found' }))
  return app
}

/** Found before anybody is asked for a credential; each dialect words it. */
class BadRequest extends Error {
  override readonly name = 'BadRequest'
  readonly statusCode: number

  constructor(statusCode: number, message: string) {
    super(message)
    this.statusCode = statusCode
  }
}

function checkBounds({ originalUrl, raw }: FastifyRequest): void {
  if (originalUrl.length > URL_LENGTH) throw new BadRequest(414, 'The URL is too long')
  if (raw.headers.host === undefined && raw.httpVersion === '1.1')
    throw new BadRequest(400, 'There is no Host header')
  if (raw.rawHeaders.length > 2 * MOST_HEADERS) throw new BadRequest(431, 'There are too many headers')
}

/** A path that is no percent-encoded UTF-8 is taken literally, so that its dialect answers it, in its own shape. */
function decodable(url: string): string {
  const [path = '/', ...query] = url.split('?')
  try {
    decodeURIComponent(path)
    return url
  } catch {
    return [path.replaceAll('%', '%25'), ...query].join('?')
  }
}

/** What the HTTP parser refuses, or was not sent in time, belongs to no door yet. */
const CONNECTION_FAULTS: Readonly<Record<string, string>> = {
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
}

function refuseConnection(headers: Readonly<Record<string, string>>) {
  return (fault: Error & { code?: string }, socket: Socket): void => {
    if (fault.code === 'ECONNRESET' || socket.destroyed) return
    const line = CONNECTION_FAULTS[fault.code ?? ''] ?? '400 Bad Request'
    const body = JSON.stringify({ error: line.slice(4) })
    const head = {
      ...headers,
      'content-type': 'application/json',
      'content-length': body.length,
      connection: 'close',
    }
    const lines = Object.entries(head).map(([name, value]) => `${name}: ${value}\r\n`)
    if (socket.writable) socket.write(`HTTP/1.1 ${line}\r\n${lines.join('')}\r\n${body}`)
    socket.destroy(fault)
  }
}
