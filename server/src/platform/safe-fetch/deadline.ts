import { FetchRefused } from './fetch-refused.ts'

/** One clock over look-up, connection, every hop and the body; `end` frees it. */
export interface Deadline {
  signal: AbortSignal
  /** What to throw for a failure: the caller's own abort, a timeout, or the refusal that the failure is. */
  explain(failure: unknown): unknown
  /** Settles with the work, or fails when the clock or the caller ends it: a look-up cannot be interrupted. */
  race<T>(work: Promise<T>): Promise<T>
  end(): void
}

export function startDeadline(milliseconds: number, outer?: AbortSignal): Deadline {
  const controller = new AbortController()
  const forward = () => controller.abort()
  const timer = setTimeout(forward, milliseconds)
  if (outer?.aborted) forward()
  outer?.addEventListener('abort', forward, { once: true })
  return {
    signal: controller.signal,
    explain: (failure) => explain(failure, controller.signal, outer),
    race: (work) => race(work, controller.signal),
    end: () => {
      clearTimeout(timer)
      outer?.removeEventListener('abort', forward)
    },
  }
}

function explain(failure: unknown, inner: AbortSignal, outer?: AbortSignal): unknown {
  if (outer?.aborted) return outer.reason
  if (inner.aborted) return new FetchRefused('timeout', { cause: failure })
  return failure instanceof FetchRefused ? failure : new FetchRefused('unreachable', { cause: failure })
}

async function race<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const ended = Promise.withResolvers<never>()
  const abort = () => ended.reject(new Error('aborted'))
  signal.addEventListener('abort', abort, { once: true })
  if (signal.aborted) abort()
  try {
    return await Promise.race([work, ended.promise])
  } finally {
    signal.removeEventListener('abort', abort)
  }
}
