import type { FastifyInstance } from 'fastify'
import type { Door } from '../../application/ports/door.ts'
import { watchRoutes } from '../../platform/wrong-method.ts'
import { authenticate, admitStrangers, requirePerson } from './auth.ts'
import { answerError, answerWith } from './errors.ts'
import { keepAnswers } from './idempotency.ts'
import { accountRoutes } from './routes/account.ts'
import { auditRoutes } from './routes/audit.ts'
import { botRoutes } from './routes/bots.ts'
import { channelRoutes } from './routes/channels.ts'
import { eventRoutes } from './routes/events.ts'
import { invitationRoutes, linkRoutes } from './routes/invitations.ts'
import { meRoutes } from './routes/me.ts'
import { contactRoutes } from './routes/contacts.ts'
import { conversationDeeds } from './routes/conversation-deeds.ts'
import { conversationRoutes } from './routes/conversations.ts'
import { messageRoutes } from './routes/messages.ts'
import { privacyRoutes } from './routes/privacy.ts'
import { sandboxRoutes } from './routes/sandbox.ts'
import { signInRoutes } from './routes/sign-in.ts'
import { socketRoute } from './routes/socket.ts'
import { groupRoutes } from './routes/groups.ts'
import { operatorRoutes } from './routes/operators.ts'
import { roleRoutes } from './routes/roles.ts'
import { tokenRoutes } from './routes/tokens.ts'
import { deliveryRoutes } from './routes/webhook-deliveries.ts'
import { webhookRoutes } from './routes/webhooks.ts'
import { validateStrictly } from './validate.ts'

/** Our own API, below the prefix it is mounted at. */
export async function nativePlugin(app: FastifyInstance, door: Door): Promise<void> {
  app.removeContentTypeParser('text/plain')
  app.setValidatorCompiler(validateStrictly)
  app.setErrorHandler(answerError)
  const allowedAt = watchRoutes(app)
  app.setNotFoundHandler((request, reply) => {
    const allowed = allowedAt(request.url)
    const said = { title: 'Not found', detail: 'There is nothing at this path.', code: 'not_found' }
    if (allowed.length === 0) return answerWith(reply, { status: 404, ...said })
    reply.header('allow', allowed.join(', '))
    const detail = `This path answers ${allowed.join(', ')}.`
    return answerWith(reply, { status: 405, title: 'Method not allowed', detail, code: 'method_not_allowed' })
  })
  await app.register(async (scope) => {
    admitStrangers(scope, door)
    signInRoutes(scope, door)
    linkRoutes(scope, door)
  })
  await app.register(async (scope) => {
    requirePerson(scope, door)
    meRoutes(scope, door)
  })
  socketRoute(app, door)
  await app.register(async (scope) => {
    authenticate(scope, door)
    keepAnswers(scope, door.answers)
    sandboxRoutes(scope, door)
    eventRoutes(scope, door)
    invitationRoutes(scope, door)
    channelRoutes(scope, door)
    groupRoutes(scope, door)
    botRoutes(scope, door)
    roleRoutes(scope, door)
    operatorRoutes(scope, door)
    accountRoutes(scope, door)
    tokenRoutes(scope, door)
    auditRoutes(scope, door)
    webhookRoutes(scope, door)
    deliveryRoutes(scope, door)
    conversationRoutes(scope, door)
    conversationDeeds(scope, door)
    messageRoutes(scope, door)
    contactRoutes(scope, door)
    privacyRoutes(scope, door)
  })
}
