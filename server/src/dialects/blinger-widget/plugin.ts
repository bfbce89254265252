import type { FastifyInstance } from 'fastify'
import type { Door } from '../../application/ports/door.ts'
import { watchRoutes } from '../../platform/wrong-method.ts'
import { authenticate } from './auth.ts'
import { acceptBodies } from './bodies.ts'
import { answerError, answerWith } from './errors.ts'
import { agentRoutes } from './routes/agents.ts'
import { conversationRoutes } from './routes/conversations.ts'

/** The external API of the vendor's web widget, below the prefix it is mounted at. */
export async function blingerWidgetPlugin(app: FastifyInstance, door: Door): Promise<void> {
  acceptBodies(app)
  // The schemas document what to send; accept.ts understands more than that and says itself what is wrong.
  app.setValidatorCompiler(() => () => true)
  app.setErrorHandler(answerError)
  const allowedAt = watchRoutes(app)
  app.setNotFoundHandler((request, reply) => {
    const allowed = allowedAt(request.url)
    if (allowed.length === 0) return answerWith(reply, 404, 'Not found')
    return answerWith(reply.header('allow', allowed.join(', ')), 405, 'Method not allowed')
  })
  await app.register(async (scope) => {
    authenticate(scope, door.credentials)
    conversationRoutes(scope, door)
    agentRoutes(scope, door)
  })
}
