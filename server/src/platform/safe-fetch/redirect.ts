import type { Method, Sending } from './exchange.ts'
import { FetchRefused } from './fetch-refused.ts'

const REDIRECTS = new Set([301, 302, 303, 307, 308])
// A custom header may be a key to the first server, so only these go on to another.
const HARMLESS = new Set(['accept', 'accept-language', 'content-type', 'user-agent'])

/** The absolute URL an answer sends us to; null when it does not. */
export function redirectOf(status: number, location: string | undefined, from: URL): string | null {
  if (!REDIRECTS.has(status) || location === undefined) return null
  const to = URL.parse(location, from.href)
  if (!to || (from.protocol === 'https:' && to.protocol !== 'https:')) throw new FetchRefused('bad_url')
  return to.href
}

/** What to send there: as browsers do, and nothing confidential to another origin. */
export function sendingAfter(status: number, sending: Sending, isSameOrigin: boolean): Sending {
  const becomesGet = status === 303 || ((status === 301 || status === 302) && sending.method === 'POST')
  const method: Method = becomesGet && sending.method !== 'HEAD' ? 'GET' : sending.method
  const body = becomesGet ? null : sending.body
  if (body !== null && !isSameOrigin) throw new FetchRefused('bad_url')
  const kept = Object.entries(sending.headers).filter(
    ([name]) => isSameOrigin || HARMLESS.has(name.toLowerCase()),
  )
  return { method, body, headers: Object.fromEntries(kept) }
}
