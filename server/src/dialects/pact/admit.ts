import type { FastifyRequest } from 'fastify'
import type { Actor } from '../../domain/actor.ts'
import { DomainError, refuse } from '../../domain/errors.ts'
import { unstorablePath } from '../../platform/text.ts'
import type { Auth } from './auth.ts'
import { parseBody, parseFields, parseQuery } from './body.ts'
import type { Params } from './fields.ts'
import { isForm, type Form } from '../../platform/upload-form.ts'
import { openForm } from './form.ts'
import { numberIn } from './ids.ts'

/** A request that was let in: who asks, and all its parameters, wherever they stood. */
export interface Call {
  actor: Actor
  /** Path parameters, as they are written. */
  path: Readonly<Record<string, string | undefined>>
  /** Those of the body win over those of the query string. */
  params: Params
  /** A multipart body, read up to its file. */
  form: Form | null
}

/** The order of refusals: 401, then 406, then 404 of another's company, then 400. */
export async function admit(request: FastifyRequest, auth: Auth, takesFile: boolean): Promise<Call> {
  const known = auth.known(request)
  // A file is not received from strangers, and what stands behind it is not read before it.
  if (!known && takesFile && isForm(request)) refuse('unauthenticated')
  // Whoever has shown no token yet is told nothing about the body it might have been in.
  const body = await readBody(request, takesFile).catch((error: unknown) => {
    throw known ? error : new DomainError('unauthenticated')
  })
  try {
    return check(request, body, known ?? (await auth.inBody(request, body.params)))
  } catch (error) {
    body.form?.discard()
    throw error
  }
}

function check(request: FastifyRequest, body: Body, actor: Actor): Call {
  if (!isJsonAccepted(request.headers.accept)) throw new NotAcceptable()
  const path = request.params as Call['path']
  if ('cid' in path && numberIn(path['cid'], 'company') !== actor.accountNumber)
    refuse('not_found', { what: 'company' })
  const params = { ...parseQuery(request.url), ...body.params }
  const unstorable = unstorablePath(params)
  if (unstorable !== null)
    refuse('invalid', { field: unstorable, reason: 'contains characters that cannot be stored' })
  return { actor, path, params, form: body.form }
}

interface Body {
  params: Params
  form: Form | null
}

/** Answered 406; nothing inside refuses like this. */
export class NotAcceptable extends Error {
  override readonly name = 'NotAcceptable'
  readonly statusCode = 406
}

async function readBody(request: FastifyRequest, takesFile: boolean): Promise<Body> {
  if (isForm(request)) {
    const form = await openForm(request, takesFile)
    return { params: parseFields(form.fields), form }
  }
  const bytes = request.body instanceof Buffer ? request.body : Buffer.alloc(0)
  return { params: parseBody(bytes, request.headers['content-type'] ?? ''), form: null }
}

/** Whether the most specific range that covers JSON is not weighed 0. */
export function isJsonAccepted(header: string | undefined): boolean {
  if (header === undefined || header.trim() === '') return true
  const weights = new Map(
    header.split(',').map((range) => {
      const [type = '', ...settings] = range
        .toLowerCase()
        .split(';')
        .map((part) => part.trim())
      const weight = settings.find((setting) => setting.startsWith('q='))
      return [type, weight === undefined ? 1 : Number(weight.slice(2))]
    }),
  )
  const weight = weights.get('application/json') ?? weights.get('application/*') ?? weights.get('*/*') ?? 0
  return weight > 0
}
