import type { FastifyInstance } from 'fastify'
import type { Door } from '../../application/ports/door.ts'
import type { Authenticate } from './auth.ts'
import { admit, byAccountToken, byChannelToken, CALLER } from './auth.ts'
import { acceptBodies } from './bodies.ts'
import type { WireNames } from './errors.ts'
import { answerError } from './errors.ts'
import { conversationRoutes } from './routes/conversations.ts'
import { customAppRoutes } from './routes/custom-app.ts'
import { messageRoutes } from './routes/messages.ts'
import { operatorRoutes } from './routes/operators.ts'
import { queueRoutes } from './routes/queues.ts'
import { userRoutes } from './routes/users.ts'
import { refuseUnknownPaths } from './unknown-path.ts'

type Routes = (scope: FastifyInstance, door: Door) => void

interface Resource {
  prefix: string
  authenticate: Authenticate
  /** What the core's `url` is called by these routes. */
  names: WireNames
  routes: Routes[]
}

/** Blinger's App API, and the custom app's way in. Each prefix is a scope of its own, so nothing here reaches further. */
export async function blingerAppPlugin(app: FastifyInstance, door: Door): Promise<void> {
  const account = { authenticate: byAccountToken(door), names: { url: 'file_url' } }
  const resources: Resource[] = [
    { ...account, prefix: '/api/conversations', routes: [conversationRoutes, messageRoutes, queueRoutes] },
    { ...account, prefix: '/api/operators', routes: [operatorRoutes] },
    { ...account, prefix: '/api/users', routes: [userRoutes] },
    {
      prefix: '/api/custom-app',
      authenticate: byChannelToken(door),
      names: { url: 'data' },
      routes: [customAppRoutes],
    },
  ]
  for (const resource of resources)
    await app.register(async (scope) => mount(scope, door, resource), { prefix: resource.prefix })
}

function mount(scope: FastifyInstance, door: Door, { authenticate, names, routes }: Resource): void {
  acceptBodies(scope)
  scope.setValidatorCompiler(() => () => true)
  scope.setErrorHandler(answerError(names))
  refuseUnknownPaths(scope)
  scope.decorateRequest(CALLER)
  scope.addHook('onRequest', admit(authenticate))
  for (const add of routes) add(scope, door)
}
