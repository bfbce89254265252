import { isAPIError } from 'better-auth/api'
import type { Whereabouts } from '../../application/ports/sign-in.ts'
import { refuse } from '../../domain/errors.ts'
import { available } from '../availability.ts'
import { ADDRESS_HEADER } from './auth.ts'

/** What the sign-in store said, and the cookies it set. */
export interface Answer {
  body: unknown
  cookies: string[]
}

/** Asks the sign-in store; null when it refuses. What it refuses for being tried too often is `rate_limited`. */
export async function ask(
  question: () => Promise<{ headers: Headers; response: unknown }>,
): Promise<Answer | null> {
  try {
    const { headers, response } = await available(question)
    return { body: response, cookies: headers.getSetCookie() }
  } catch (error) {
    if (!isAPIError(error)) throw error
    if (error.statusCode === 429) refuse('rate_limited', { what: 'second factor', retryAfter: 900 }, error)
    if (error.statusCode >= 500) throw error
    return null
  }
}

export function headersOf({ address, userAgent }: Whereabouts): Headers {
  const headers = new Headers({ [ADDRESS_HEADER]: address })
  if (userAgent !== null) headers.set('user-agent', userAgent)
  return headers
}

/** The new session's token; null when a second factor is wanted first. */
export function tokenOf(body: unknown): string | null {
  const { token } = Object(body) as { token?: unknown }
  return typeof token === 'string' ? token : null
}

/** The session's token in a `Set-Cookie` line, before its signature. */
export function tokenIn(cookieName: string, cookies: string[]): string | null {
  const line = cookies.find((cookie) => cookie.startsWith(`${cookieName}=`))
  const value = decodeURIComponent(line?.slice(cookieName.length + 1).split(';', 1)[0] ?? '')
  const end = value.lastIndexOf('.')
  return end > 0 ? value.slice(0, end) : null
}
