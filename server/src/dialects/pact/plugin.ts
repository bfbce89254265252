import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Door } from '../../application/ports/door.ts'
import { needs } from '../../application/ports/policy.ts'
import { DomainError } from '../../domain/errors.ts'
import { watchRoutes } from '../../platform/wrong-method.ts'
import { admit } from './admit.ts'
import { createAuth } from './auth.ts'
import { createCursors } from './cursor.ts'
import { answerError, errorBody } from './errors.ts'
import { mountAttachments } from './routes/attachments.ts'
import { mountChannels } from './routes/channels.ts'
import { mountCompanies } from './routes/companies.ts'
import { mountConversationChanges } from './routes/conversation-changes.ts'
import { mountConversations } from './routes/conversations.ts'
import { mountJobs } from './routes/jobs.ts'
import { mountMessages } from './routes/messages.ts'
import type { Mount } from './routes/mounting.ts'

export interface PactOptions extends Door {
  /** Whether creating a whatsapp conversation demands a text. */
  isTextRequired: boolean
  /** Signs `next_page` tokens; the same after a restart. */
  cursorKey: Buffer
}

/** Pact's API v1 below the prefix it is mounted at; unknown paths and wrong methods there are its own. */
export async function pactPlugin(app: FastifyInstance, options: PactOptions): Promise<void> {
  const auth = createAuth(options.credentials)
  const allowedAt = watchRoutes(app)
  readBodiesRaw(app)
  // `accept.ts` validates: the schemas say what is promised, and more than that is accepted.
  app.setValidatorCompiler(() => () => true)
  app.addHook('onRequest', async (request) => {
    if (!request.is404) await auth.atDoor(request)
  })
  app.setErrorHandler((error, request, reply) => {
    const isAnonymous = !request.is404 && auth.known(request) === null && isBodyError(error)
    return answerError(isAnonymous ? new DomainError('unauthenticated') : error, request, reply)
  })
  app.setNotFoundHandler((request: FastifyRequest, reply) => {
    const allowed = allowedAt(request.url.replace(/\/{2,}/g, '/'))
    if (allowed.length === 0) return reply.code(404).send(errorBody(404))
    return reply.code(405).header('allow', allowed.join(', ')).send(errorBody(405))
  })

  const mount: Mount = (method, { url, schema, needs: permission, takesFile = false, handle }) => {
    for (const path of [url].flat())
      app.route({
        method,
        url: path,
        schema,
        config: needs(permission),
        handler: async (request) => {
          const call = await admit(request, auth, takesFile)
          return handle(call).finally(() => call.form?.discard())
        },
      })
  }
  const door = { ...options, cursors: createCursors(options.cursorKey) }
  mountCompanies(mount, door)
  mountChannels(mount, door)
  mountConversations(mount, door)
  mountConversationChanges(mount, door)
  mountMessages(mount, door)
  mountAttachments(mount, door)
  mountJobs(mount, door)
}

/** Nothing is parsed before it is known who asks, and a body's Content-Type is only a hint of what it is. */
function readBodiesRaw(app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser(/^multipart\/form-data/, (_request, _payload, done) => done(null))
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, bytes, done) => done(null, bytes))
}

function isBodyError(error: unknown): boolean {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('FST_ERR_CTP')
}
