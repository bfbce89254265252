import type { IncomingMessage } from 'node:http'
import { readAllowList } from './allow-list.ts'
import { cappedBody } from './capped-body.ts'
import { dialDirectly, openSocket, type Dial } from './connect.ts'
import { startDeadline, type Deadline } from './deadline.ts'
import { exchange, type Method, type Sending } from './exchange.ts'
import { FetchRefused } from './fetch-refused.ts'
import { redirectOf, sendingAfter } from './redirect.ts'
import { askNameServers, askSystem, type Lookup } from './resolve.ts'
import { readTarget, resolveTarget, type Rules, type Target } from './target.ts'

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

interface Hop {
  rules: Rules
  lookup: Lookup | undefined
  dial: Dial
  deadline: Deadline
}

/** Makes the fetcher for addresses that strangers choose; throws at once on a faulty allow-list. */
export function createSafeFetch(options: SafeFetchOptions): SafeFetch {
  const rules = { allow: readAllowList(options.allow), ports: options.ports ?? [80, 443] }
  return async (url, init = {}) => {
    const deadline = startDeadline(init.timeoutMs ?? options.timeoutMs ?? TIMEOUT_MS, init.signal)
    const hop = { rules, lookup: options.lookup, dial: options.dial ?? dialDirectly, deadline }
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

async function send(target: Target, sending: Sending, hop: Hop): Promise<IncomingMessage> {
  const { deadline, rules, dial } = hop
  const lookup = hop.lookup ?? (target.isOpened ? askSystem : askNameServers)
  const addresses = await deadline.race(resolveTarget(target, rules, lookup))
  const socket = await openSocket(target, addresses, dial, deadline.signal)
  return exchange(target, sending, socket, deadline.signal)
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
