import type { SafeFetch } from '../../platform/safe-fetch/safe-fetch.ts'
import type { Answer, Post } from './sender.ts'

/** Of an answer's body, what is read. The status says it all: the rest is for whoever looks at the log. */
const MOST_BYTES = 65_536
/** How long a body is waited for: an endpoint that drips must hold nobody up. */
const BODY_MS = 1000

/** POSTs through the guard: https, unless the owner of this server opened the address; what redirects is not followed. */
export function createPost(safeFetch: SafeFetch): Post {
  return async (url, { headers, body, timeoutMs }) => {
    const answer = await safeFetch(url, {
      ...{ method: 'POST', headers, body, timeoutMs, redirects: 0, isHttpsOnly: true },
      maxBytes: MOST_BYTES,
    })
    const timer = setTimeout(() => answer.discard(), BODY_MS)
    try {
      return { status: answer.status, headers: answer.headers, body: await beginningOf(answer.body) }
    } finally {
      clearTimeout(timer)
    }
  }
}

/** What came before the body was too long, too slow or cut off. */
async function beginningOf(body: AsyncIterable<Uint8Array>): Promise<Answer['body']> {
  const chunks: Uint8Array[] = []
  try {
    for await (const chunk of body) chunks.push(chunk)
  } catch {
    // What there is of it is kept.
  }
  return Buffer.concat(chunks).toString('utf8')
}
