import { createHash, timingSafeEqual } from 'node:crypto'
import { BlockList, isIPv4 } from 'node:net'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Metrics } from './metrics.ts'

const text = { type: 'string' }
const refusal = { type: 'object', properties: { error: text }, required: ['error'] }
const schema = { hide: true, response: { 200: text, 401: refusal, 404: refusal } }

/** GET /metrics: to whoever knows the token; without one, to this machine alone. */
export function mountMetrics(
  app: FastifyInstance,
  metrics: Pick<Metrics, 'scrape' | 'contentType'>,
  token: string | null,
): void {
  const config = { policy: { public: 'for machines that watch us: its own token, or this machine alone' } }
  app.get('/metrics', { schema, config }, async (request, reply) => {
    if (token === null && !isFromHere(request)) return reply.code(404).send({ error: 'Not found' })
    if (token !== null && !isBearer(request.headers.authorization, token))
      return reply.code(401).header('www-authenticate', 'Bearer').send({ error: 'Unauthorized' })
    return reply.type(metrics.contentType).send(await metrics.scrape())
  })
}

function isBearer(header: string | undefined, token: string): boolean {
  const [, given] = /^bearer +(\S+)$/i.exec(header ?? '') ?? []
  return given !== undefined && timingSafeEqual(digest(given), digest(token))
}

const digest = (given: string) => createHash('sha256').update(given).digest()

const loopback = new BlockList()
loopback.addSubnet('127.0.0.0', 8, 'ipv4')
loopback.addAddress('::1', 'ipv6')

/** What proxies say of whom they speak for. */
const FORWARDING = new Set(
  (
    'forwarded via x-forwarded x-forwarded-for x-forwarded-host x-forwarded-port x-forwarded-proto x-forwarded-server ' +
    'x-real-ip x-client-ip x-cluster-client-ip true-client-ip cf-connecting-ip fastly-client-ip'
  ).split(' '),
)

/** A proxy on this machine speaks for anybody, and a page in a browser of this machine is anybody's: neither counts as here. */
function isFromHere({ raw, headers, host }: FastifyRequest): boolean {
  const peer = raw.socket.remoteAddress ?? ''
  const isHere = loopback.check(peer, isIPv4(peer) ? 'ipv4' : 'ipv6')
  const isNamedHere = /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d{1,5})?$/i.test(host)
  return isHere && isNamedHere && !Object.keys(headers).some((name) => FORWARDING.has(name))
}
