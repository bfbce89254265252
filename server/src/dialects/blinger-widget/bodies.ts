import type { IncomingMessage } from 'node:http'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { parse } from 'qs'
import { refuse } from '../../domain/errors.ts'
import { readJson } from '../../platform/json.ts'
import { readMultipart } from '../../platform/multipart.ts'

/** More than any call here has. */
const LIMITS = { fields: 64, fieldBytes: 1_048_576, files: 1, fileBytes: 1_048_576 }

/** JSON, forms and multipart fields alike become one object; no body at all is an empty one. */
export function acceptBodies(scope: FastifyInstance): void {
  const asText = { parseAs: 'string' } as const
  const accept = (type: string, read: (text: string) => unknown) =>
    scope.addContentTypeParser(type, asText, async (_request: FastifyRequest, text: string) => read(text))
  scope.removeAllContentTypeParsers()
  accept('application/json', parseJson)
  accept('application/x-www-form-urlencoded', (text) => parse(text))
  accept('*', parseUnnamed)
  scope.addContentTypeParser(
    'multipart/form-data',
    async (request: FastifyRequest, payload: IncomingMessage) => {
      const form = await readMultipart(payload, request.headers['content-type'], { limits: LIMITS, onFile })
      return Object.fromEntries(form.fields)
    },
  )
}

/** Files come by URL here: a part with bytes is not what its name asks for. */
async function onFile(name: string): Promise<never> {
  return refuse('invalid', { field: name || 'body' })
}

function parseJson(text: string): unknown {
  if (text.trim() === '') return {}
  try {
    return readJson(text)
  } catch (error) {
    return refuse('invalid', { field: 'body', reason: 'The body is not JSON' }, error)
  }
}

/** `request-review` has no body, and some clients name a type for it all the same. */
function parseUnnamed(text: string): object {
  return text.trim() === ''
    ? {}
    : refuse('invalid', { field: 'body', reason: 'The body has an unknown type' })
}
