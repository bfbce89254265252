import type { FastifyInstance } from 'fastify'
import { JsonRefused, readJson } from '../../platform/json.ts'
import { InvalidRequest } from './faults.ts'

/** JSON alone; an empty body counts as an empty object. */
export function acceptJsonBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser(
    /^application\/(?:[\w.+-]*\+)?json(?:\s*;|\s*$)/i,
    { parseAs: 'string' },
    async (_request: unknown, text: string | Buffer) => parse(String(text)),
  )
}

function parse(text: string): unknown {
  if (text.trim() === '') return {}
  try {
    return readJson(text)
  } catch (error) {
    const isReadable = error instanceof JsonRefused && error.cause === undefined
    throw new InvalidRequest([], isReadable ? error.message : 'Invalid JSON')
  }
}
