import type { IncomingMessage } from 'node:http'
import type { Deadline } from './deadline.ts'
import { FetchRefused } from './fetch-refused.ts'

/** The body as it arrives, up to the cap; refuses on reading, so that a caller who needs only the status has it. */
export async function* cappedBody(
  response: IncomingMessage,
  maxBytes: number,
  deadline: Deadline,
): AsyncGenerator<Uint8Array> {
  try {
    // We asked for identity; unpacking would let 1 kB become 1 GB.
    const encoding = response.headers['content-encoding']?.trim().toLowerCase() ?? ''
    if (encoding !== '' && encoding !== 'identity') throw new FetchRefused('unreachable')
    if (Number(response.headers['content-length'] ?? 0) > maxBytes) throw new FetchRefused('too_large')
    let size = 0
    for await (const chunk of response as AsyncIterable<Uint8Array>) {
      size += chunk.byteLength
      if (size > maxBytes) throw new FetchRefused('too_large')
      yield chunk
    }
  } catch (failure) {
    throw deadline.explain(failure)
  } finally {
    response.destroy()
    deadline.end()
  }
}
