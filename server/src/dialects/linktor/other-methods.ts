import type { FastifyInstance, HTTPMethods } from 'fastify'
import { sendRefusal } from './errors.ts'
import { Failure } from './schema/responses.ts'

const METHODS: HTTPMethods[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']

/** Remembers which methods each path of the scope has; call what it returns once all are there to have the others refused. */
export function watchMethods(app: FastifyInstance): () => void {
  const paths = new Map<string, Set<string>>()
  app.addHook('onRoute', ({ url, method }) => {
    const path = url.slice(app.prefix.length)
    const methods = paths.get(path) ?? new Set()
    for (const each of [method].flat()) methods.add(each)
    if (methods.has('GET')) methods.add('HEAD')
    paths.set(path, methods)
  })
  return () => {
    for (const [url, methods] of paths) refuseOthers(app, url, methods)
  }
}

function refuseOthers(app: FastifyInstance, url: string, methods: Set<string>): void {
  const allow = [...methods].join(', ')
  app.route({
    url,
    method: METHODS.filter((method) => !methods.has(method)),
    schema: { hide: true, response: { 405: Failure } },
    config: { policy: { public: 'it refuses whoever asks' } },
    // Nobody waits for the body of a request that is refused whatever it says.
    onRequest: async (_request, reply) =>
      sendRefusal(reply, {
        status: 405,
        code: 'METHOD_NOT_ALLOWED',
        message: `Allowed methods: ${allow}`,
        headers: { allow },
      }),
    handler: async () => undefined,
  })
}
