import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Refusal } from './errors.ts'

/**
 * Answers what no route of this scope is for: 405 where the path is known with another method, else 404. Done before
 * the body is read: nothing in it could change the answer. Call it before the routes are added.
 */
export function refuseUnknownPaths(scope: FastifyInstance): void {
  const methods = new Map<string, Set<string>>()
  scope.addHook('onRoute', ({ url, method }) => {
    const known = methods.get(url) ?? new Set()
    for (const name of [method].flat()) known.add(name)
    methods.set(url, known)
  })
  const answer = (request: FastifyRequest, reply: FastifyReply) => {
    const allowed = methods.get(pathOf(request))
    if (allowed) reply.header('allow', [...allowed].join(', '))
    const refusal: Refusal = allowed
      ? { error: 'Method not allowed', status: 405 }
      : { error: 'Not found', status: 404 }
    return reply.code(refusal.status).send(refusal)
  }
  scope.addHook('onRequest', async (request, reply) => (request.is404 ? answer(request, reply) : undefined))
  scope.setNotFoundHandler(answer)
}

function pathOf({ url }: FastifyRequest): string {
  return (url.split('?')[0] ?? '').replace(/\/{2,}/g, '/').replace(/\/$/, '')
}
