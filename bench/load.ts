import autocannon from 'autocannon'

/** One request, as it goes over the wire. */
export interface WireRequest {
  method: 'GET' | 'POST'
  path: string
  headers: Record<string, string>
  body?: string
}

export interface LoadResult {
  requestsPerSecond: number
  /** Milliseconds. */
  p50: number
  p99: number
  /** How many answers had another status than 2xx, or did not come. */
  failures: number
}

export interface LoadSettings {
  connections: number
  /** Until the time is over, or until so many are answered. */
  seconds?: number
  amount?: number
  next(index: number): WireRequest
}

let drawn = 0

/** Sends requests over so many connections, one at a time on each. */
export async function load(port: number, settings: LoadSettings): Promise<LoadResult> {
  const { connections, seconds, amount, next } = settings
  const result = await autocannon({
    url: `http://127.0.0.1:${port}`,
    connections,
    ...(amount === undefined ? { duration: seconds } : { amount }),
    requests: [{ setupRequest: (request) => ({ ...request, ...next(drawn++) }) }],
  })
  return {
    requestsPerSecond: result.requests.total / result.duration,
    p50: result.latency.p50,
    p99: result.latency.p99,
    failures: result.non2xx + result.errors + result.timeouts,
  }
}
