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

/**
 * One line a request, when it is over. The pattern of its route stands for its URL, which may hold a secret. Without a status: whoever
 * asked went away before the answer.
 */
export function logRequests(app: FastifyInstance): void {
  app.addHook('onResponse', async (request, reply) => {
    request.log.info(
      {
        method: request.method,
        route: request.is404 ? null : (request.routeOptions.url ?? null),
        status: reply.raw.writableFinished ? reply.statusCode : null,
        ms: Math.round(reply.elapsedTime),
        ...speakers.get(request),
        address: request.ip,
      },
      'request',
    )
  })
}
