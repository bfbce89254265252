import type { FastifyInstance } from 'fastify'
import type { Door } from '../../application/ports/door.ts'
import { watchRoutes } from '../../platform/wrong-method.ts'
import { authenticate } from './auth.ts'
import { answerError, answerWith } from './errors.ts'
import { liveRoutes, socketRoute } from './routes/live.ts'
import { markRoutes } from './routes/marks.ts'
import { fileRoutes, messageRoutes } from './routes/messages.ts'
import { beginningRoutes, sessionRoutes } from './routes/session.ts'
import { validateStrictly } from './validate.ts'

/** Any page may read what it is answered here: nothing works by cookie. Who may ask is decided by credential and origin. */
const FOR_ANY_PAGE = {
  'access-control-allow-origin': '*',
  'access-control-expose-headers': 'Retry-After',
  'cross-origin-resource-policy': 'cross-origin',
}
const PREFLIGHT = {
  'access-control-allow-methods': 'GET, POST, PUT, DELETE',
  'access-control-allow-headers': 'authorization, content-type',
  'access-control-max-age': '7200',
}

/** The visitor API, below the prefix it is mounted at. */
export async function visitorPlugin(app: FastifyInstance, door: Door): Promise<void> {
  app.removeContentTypeParser('text/plain')
  app.setValidatorCompiler(validateStrictly)
  app.setErrorHandler(answerError)
  app.addHook('onRequest', async (_request, reply) => void reply.headers(FOR_ANY_PAGE))
  const allowedAt = watchRoutes(app)
  app.setNotFoundHandler((request, reply) => {
    const allowed = allowedAt(request.url)
    const said = { title: 'Not found', detail: 'There is nothing at this path.', code: 'not_found' }
    if (allowed.length === 0) return answerWith(reply, { status: 404, ...said })
    reply.header('allow', allowed.join(', '))
    const detail = `This path answers ${allowed.join(', ')}.`
    return answerWith(reply, { status: 405, title: 'Method not allowed', detail, code: 'method_not_allowed' })
  })
  const config = { policy: { public: 'a browser asks whether it may ask' } } as const
  app.options('/*', { schema: { hide: true }, config }, (_request, reply) =>
    reply.code(204).headers(PREFLIGHT).send(),
  )
  beginningRoutes(app, door)
  socketRoute(app, door)
  await app.register(async (scope) => {
    authenticate(scope, door)
    sessionRoutes(scope, door)
    messageRoutes(scope, door)
    markRoutes(scope, door)
    liveRoutes(scope, door)
    await scope.register(async (inner) => fileRoutes(inner, door))
  })
}
