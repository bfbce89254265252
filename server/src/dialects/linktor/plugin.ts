import type { FastifyInstance } from 'fastify'
import type { Door } from '../../application/ports/door.ts'
import { requireToken } from './auth.ts'
import { acceptJsonBodies } from './body-parser.ts'
import { answerError, answerNotFound } from './errors.ts'
import { keepAnswers } from './idempotency.ts'
import { watchMethods } from './other-methods.ts'
import { apiKeyRoutes } from './routes/api-keys.ts'
import { loginRoutes, userRoutes } from './routes/auth.ts'
import { channelRoutes } from './routes/channels.ts'
import { conversationDeeds } from './routes/conversation-deeds.ts'
import { conversationRoutes } from './routes/conversations.ts'
import { deliveryRoutes } from './routes/deliveries.ts'
import { messageRoutes } from './routes/messages.ts'
import { webhookRoutes } from './routes/webhooks.ts'

/** The documented Linktor API, at whatever prefix it is mounted. */
export async function linktorPlugin(app: FastifyInstance, door: Door): Promise<void> {
  app.setErrorHandler(answerError)
  app.setNotFoundHandler(answerNotFound)
  // `accept` reads what comes in, so that every fault is told at once; the schemas of requests are documentation.
  app.setValidatorCompiler(() => () => true)
  acceptJsonBodies(app)
  const refuseOtherMethods = watchMethods(app)
  await app.register(async (scope) => {
    scope.addHook('onRequest', async ({ ip }) => door.limits.countStranger(ip))
    loginRoutes(scope, door)
  })
  await app.register(async (scope) => {
    requireToken(scope, door)
    userRoutes(scope, door)
  })
  await app.register(async (scope) => {
    requireToken(scope, door)
    keepAnswers(scope, door.answers)
    conversationRoutes(scope, door)
    conversationDeeds(scope, door)
    messageRoutes(scope, door)
    channelRoutes(scope, door)
    apiKeyRoutes(scope, door)
    webhookRoutes(scope, door)
    deliveryRoutes(scope, door)
  })
  refuseOtherMethods()
}
