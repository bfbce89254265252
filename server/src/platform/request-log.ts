import type { FastifyInstance, FastifyRequest } from 'fastify'

export interface Speaker {
  account: string
  /** The token's, operator's or channel's id. */
  actor: string | null
}

const speakers = new WeakMap<FastifyRequest, Speaker>()

/** To be told by every door as soon as it knows who asks. */
export function noteSpeaker(request: FastifyRequest, actor: { accountId: string; id: string | null }): void {
  speakers.set(request, { account: actor.accountId, actor: actor.id })
}

/** A request that became a socket has no answer whose end could be told. */
export function tellUpgrade(request: FastifyRequest): void {
  const { method, routeOptions, ip } = request
  const told = { method, route: routeOptions.url ?? null, status: 101, ...speakers.get(request), address: ip }
  request.log.info(told, 'request')
}

/**
 * One line a request, when it is over. The pattern of its route stands for its URL, which may hold a secret. Without a status: whoever
 * asked went away before the answer.
 */
export function logRequests(app: FastifyInstance): void {
  const told = new WeakSet<FastifyRequest>()
  const tell = (request: FastifyRequest, outcome: { status: number | null; ms?: number }) => {
    if (told.has(request)) return
    told.add(request)
    const { method, is404, routeOptions, ip } = request
    const route = is404 ? null : (routeOptions.url ?? null)
    request.log.info({ method, route, ...outcome, ...speakers.get(request), address: ip }, 'request')
  }
  app.addHook('onRequestAbort', async (request) => tell(request, { status: null }))
  app.addHook('onResponse', async (request, reply) => {
    // What is answered to a connection that is gone is heard by nobody.
    const status = request.raw.socket.destroyed ? null : reply.statusCode
    tell(request, { status, ms: Math.round(reply.elapsedTime) })
  })
}
