import type { FastifyInstance, FastifyRequest } from 'fastify'
import { parse } from 'qs'
import { refuse } from '../../domain/errors.ts'
import { readJson } from '../../platform/json.ts'
import { MultipartRefused, readMultipart } from '../../platform/multipart.ts'

type Payload = Parameters<typeof readMultipart>[0]

/** Bounds against bodies that are made to be slow; the longest documented one has ten fields. */
const FORM = { parameterLimit: 1000, arrayLimit: 1000, depth: 8 }
const MULTIPART = { fields: 32, fieldBytes: 1_048_576, files: 4, fileBytes: 1_048_576 }

/** JSON, forms and multipart forms become one object; an empty body says nothing, whatever it claims to be. */
export function acceptBodies(scope: FastifyInstance): void {
  scope.removeAllContentTypeParsers()
  scope.addContentTypeParser<string>(
    'application/json',
    { parseAs: 'string' },
    async (_request: FastifyRequest, text: string) => parseJson(text),
  )
  scope.addContentTypeParser<string>(
    'application/x-www-form-urlencoded',
    { parseAs: 'string' },
    async (_request: FastifyRequest, text: string) => parse(text, FORM),
  )
  scope.addContentTypeParser('multipart/form-data', async (request: FastifyRequest, payload: Payload) =>
    parseMultipart(payload, request.headers['content-type']),
  )
}

function parseJson(text: string): unknown {
  if (text.trim() === '') return {}
  try {
    return readJson(text)
  } catch (error) {
    return refuse('invalid', { field: 'JSON' }, error)
  }
}

/** Fields in the syntax of forms. Files are passed over: this API takes URLs. */
async function parseMultipart(payload: Payload, contentType: string | undefined): Promise<unknown> {
  try {
    const { fields } = await readMultipart(payload, contentType, {
      limits: MULTIPART,
      onFile: async () => {},
    })
    return parse(new URLSearchParams(fields).toString(), FORM)
  } catch (error) {
    if (error instanceof MultipartRefused) refuse('invalid', { field: 'form' }, error)
    throw error
  }
}
