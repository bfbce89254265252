import type { FastifyReply, FastifyRequest } from 'fastify'
import { newId } from '../../platform/ids.ts'

const HEADER = 'x-request-id'
const SANE = /^[\w.:-]{1,128}$/

/** Gives every answer the request's own id, or a new one when it brought none that is fit to be repeated. */
export async function nameRequest(request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const given = request.headers[HEADER]
  const isSane = typeof given === 'string' && SANE.test(given)
  reply.header(HEADER, isSane ? given : `req_${newId().replaceAll('-', '')}`)
}

export function requestIdOf(reply: FastifyReply): string {
  return String(reply.getHeader(HEADER))
}
