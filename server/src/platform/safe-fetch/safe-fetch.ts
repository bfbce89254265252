import type { IncomingMessage } from 'node:http'
import { readAllowList } from './allow-list.ts'
import { cappedBody } from './capped-body.ts'
import { dialDirectly, type Dial } from './connect.ts'
import { startDeadline, type Deadline } from './deadline.ts'
import type { Method, Sending } from './exchange.ts'
import { FetchRefused } from './fetch-refused.ts'
import { createIdleConnections, type KeepAlive } from './idle-connections.ts'
import { redirectOf, sendingAfter } from './redirect.ts'
import { askNameServers, askSystem, remembering, type Lookup } from './resolve.ts'
import { send, type Hop, type Way } from './send.ts'
import { readTarget, type Target } from './target.ts'

export interface SafeFetchOptions {
  /** `host:port` opens that target whatever its address; a CIDR opens its addresses on any port. */
  allow: readonly string[]
  /** Ports that need no entry; 80 and 443 unless told. */
  ports?: readonly number[]
  timeoutMs?: number
  maxBytes?: number
  /** Tests only: where names and sockets come from. */
  lookup?: Lookup
  dial?: Dial
}

export interface FetchInit {
  method?: Method
  headers?: Record<string, string>
  body?: Uint8Array | string
  maxBytes?: number
  /** For everything together, the body included. */
  timeoutMs?: number
  signal?: AbortSignal
  /** Hops to follow, at most 3. Default 3 for GET and HEAD, else 0: then a 3xx is the answer. */
  redirects?: number
  /** Without TLS only to targets and addresses that `allow` opens. */
  isHttpsOnly?: boolean
}

export interface FetchAnswer {
  status: number
  headers: Record<string, string>
  /** The URL that answered, after redirects. */
  url: string
  /** Read it or call `discard`; otherwise the connection lives until the deadline. */
  body: AsyncIterable<Uint8Array>
  discard(): void
}

export type SafeFetch = (url: string, init?: FetchInit) => Promise<FetchAnswer>

const MOST_REDIRECTS = 3
const TIMEOUT_MS = 15_000
const MAX_BYTES = 25 * 1024 * 1024

const IDLE_MS = 10_000
const MOST_IDLE_PER_TARGET = 8

/** Makes the fetcher for addresses that strangers choose; throws at once on a faulty allow-list. */
export function createSafeFetch(options: SafeFetchOptions): SafeFetch {
  const { lookup, dial = dialDirectly } = options
  const lookups = { ofOwner: lookup ?? askSystem, ofStrangers: lookup ?? askNameServers }
  return fetchBy(options, { lookups, dial, idle: null })
}

export interface KeptFetch {
  fetch: SafeFetch
  /** Closes the connections that are kept; requests under way come to their end. */
  close(): void
}

/**
 * One that keeps connections open between requests, for many requests to few places. A connection serves again only once its answer
 * was read to the end, and only while its address is among those that the name has now and may be reached.
 */
export function createKeptFetch(options: SafeFetchOptions & { keepAlive?: Partial<KeepAlive> }): KeptFetch {
  const { lookup, dial = dialDirectly } = options
  const lookups = {
    ofOwner: lookup ?? remembering(askSystem),
    ofStrangers: lookup ?? remembering(askNameServers),
  }
  const { idleMs = IDLE_MS, mostIdlePerTarget = MOST_IDLE_PER_TARGET } = options.keepAlive ?? {}
  const idle = createIdleConnections({ idleMs, mostIdlePerTarget })
  return { fetch: fetchBy(options, { lookups, dial, idle }), close: idle.close }
}

function fetchBy(options: SafeFetchOptions, way: Way): SafeFetch {
  const allow = readAllowList(options.allow)
  const ports = options.ports ?? [80, 443]
  return async (url, init = {}) => {
    const deadline = startDeadline(init.timeoutMs ?? options.timeoutMs ?? TIMEOUT_MS, init.signal)
    const hop = { ...way, rules: { allow, ports, isHttpsOnly: init.isHttpsOnly ?? false }, deadline }
    try {
      const { target, response } = await follow(url, init, hop)
      return answerOf(target, response, init.maxBytes ?? options.maxBytes ?? MAX_BYTES, deadline)
    } catch (failure) {
      deadline.end()
      throw deadline.explain(failure)
    }
  }
}

async function follow(url: string, init: FetchInit, hop: Hop) {
  let sending: Sending = {
    method: init.method ?? 'GET',
    headers: init.headers ?? {},
    body: init.body ?? null,
  }
  const isReading = sending.method === 'GET' || sending.method === 'HEAD'
  const most = Math.min(init.redirects ?? (isReading ? MOST_REDIRECTS : 0), MOST_REDIRECTS)
  let target = readTarget(url, hop.rules, true)
  for (let hops = 0; ; hops += 1) {
    const response = await send(target, sending, hop)
    const status = response.statusCode ?? 0
    const next = most > 0 ? redirectAfter(response, target.url) : null
    if (next === null) return { target, response }
    if (hops === most) throw new FetchRefused('too_many_redirects')
    const from = target.url.origin
    target = readTarget(next, hop.rules, false)
    sending = sendingAfter(status, sending, target.url.origin === from)
  }
}

// The body of a redirect is never read: its socket goes as soon as the head is known.
function redirectAfter(response: IncomingMessage, from: URL): string | null {
  const status = response.statusCode ?? 0
  try {
    const next = redirectOf(status, response.headers.location, from)
    if (next !== null) response.destroy()
    return next
  } catch (failure) {
    response.destroy()
    throw failure
  }
}

function answerOf(
  target: Target,
  response: IncomingMessage,
  maxBytes: number,
  deadline: Deadline,
): FetchAnswer {
  const headers = Object.entries(response.headers).map(([name, value]) => [name, [value].flat().join(', ')])
  return {
    status: response.statusCode ?? 0,
    headers: Object.fromEntries(headers),
    url: target.url.href,
    body: cappedBody(response, maxBytes, deadline),
    discard: () => {
      response.destroy()
      deadline.end()
    },
  }
}
