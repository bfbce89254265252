import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Counter, Histogram, type Registry } from './prometheus.ts'

/** Up to what long polls take. */
const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]

/** Whose each place is: the first that fits. */
const DIALECTS: readonly [prefix: RegExp, dialect: string][] = [
  [/^\/p1(\/|$)/, 'pact'],
  [/^\/(api\/)?v1(\/|$)/, 'linktor'],
  [/^\/parley\/v1(\/|$)/, 'native'],
  [/^\/visitor\/v1(\/|$)/, 'visitor'],
  [/^\/api\/external\/v1(\/|$)/, 'blinger-widget'],
  [/^\/api\/(conversations|operators|users|custom-app)(\/|$)/, 'blinger-app'],
]

export type CountRequests = (app: FastifyInstance) => void

/**
 * Counts what is answered. Labels are few: the pattern of the route stands for its URL, `none` for whatever has no route, and `aborted`
 * is the status of an answer to a connection that is gone.
 */
export function createRequestMetrics(registry: Registry): CountRequests {
  const registers = [registry]
  const requests = new Counter({
    name: 'parley_http_requests_total',
    help: 'Requests that were answered.',
    labelNames: ['dialect', 'method', 'status'],
    registers,
  })
  const seconds = new Histogram({
    name: 'parley_http_request_seconds',
    help: 'How long requests took, by the pattern of their route.',
    labelNames: ['method', 'route'],
    buckets: BUCKETS,
    registers,
  })
  return (app) =>
    app.addHook('onResponse', async (request, reply) => {
      const { method } = request
      const route = (request.is404 ? null : request.routeOptions.url) ?? 'none'
      const status = request.raw.socket.destroyed ? 'aborted' : reply.statusCode
      requests.inc({ dialect: dialectOf(request), method, status })
      seconds.observe({ method, route }, reply.elapsedTime / 1000)
    })
}

function dialectOf({ url }: FastifyRequest): string {
  const [path = ''] = url.split('?')
  return DIALECTS.find(([prefix]) => prefix.test(path))?.[1] ?? 'none'
}
