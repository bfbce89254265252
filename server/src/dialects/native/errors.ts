import type { FastifyReply, FastifyRequest } from 'fastify'
import type { ErrorCode } from '../../domain/errors.ts'
import { DomainError } from '../../domain/errors.ts'

interface Answer {
  status: number
  title: string
}

const ANSWERS = {
  not_found: { status: 404, title: 'Not found' },
  unauthenticated: { status: 401, title: 'Not authenticated' },
  forbidden: { status: 403, title: 'Not allowed' },
  invalid: { status: 400, title: 'Invalid request' },
  missing: { status: 400, title: 'Something is missing' },
  conflict: { status: 409, title: 'Conflict' },
  already_closed: { status: 409, title: 'The conversation is closed' },
  already_unassigned: { status: 409, title: 'The conversation is unassigned' },
  already_assigned: { status: 409, title: 'The conversation is assigned to them' },
  assigned_to_other: { status: 409, title: 'The conversation is assigned to somebody else' },
  already_in_group: { status: 409, title: 'The conversation is in this group' },
  conversation_exists: { status: 409, title: 'The conversation exists' },
  in_use: { status: 409, title: 'In use' },
  channel_inactive: { status: 409, title: 'The channel is not active' },
  email_taken: { status: 409, title: 'The e-mail address is taken' },
  locked: { status: 409, title: 'The conversation is locked' },
  file_unreachable: { status: 422, title: 'The file could not be fetched' },
  file_too_large: { status: 413, title: 'The file is too large' },
  rate_limited: { status: 429, title: 'Too many requests' },
  overloaded: { status: 503, title: 'Overloaded' },
} satisfies Record<ErrorCode, Answer>

/** RFC 9457, with the code for programs. */
export interface Problem {
  type: string
  title: string
  status: number
  detail: string
  code: string
}

/** Whatever was thrown, as a problem. Bugs are told here, once, and nothing of them leaves the server. */
export function answerError(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (error instanceof DomainError) {
    const { status, title } = ANSWERS[error.code]
    if (status === 503 || status === 429)
      void reply.header('retry-after', String(error.details.retryAfter ?? 1))
    return answerWith(reply, { status, title, detail: detailOf(error), code: error.code })
  }
  if (error instanceof Error && 'statusCode' in error) {
    const { statusCode: status, message } = error
    if (typeof status === 'number' && status >= 400 && status < 500)
      return answerWith(reply, { status, title: 'Invalid request', detail: message, code: 'invalid' })
  }
  request.log.error({ err: error }, 'a request failed')
  const title = 'Internal server error'
  return answerWith(reply, { status: 500, title, detail: 'The fault is ours.', code: 'internal' })
}

/** `more` are members beyond RFC 9457's own. */
export function answerWith(
  reply: FastifyReply,
  problem: Omit<Problem, 'type'>,
  more: Record<string, unknown> = {},
): FastifyReply {
  const { title, status, detail, code } = problem
  const body: Problem = { type: `urn:parley:problem:${code}`, title, status, detail, code, ...more }
  return reply.code(status).type('application/problem+json').send(body)
}

/** What is wrong, for people. */
export function detailOf({ code, details }: DomainError): string {
  const { title } = ANSWERS[code]
  const { reason, field, what } = details
  if (reason) return reason
  if (field) return `${field}: ${title.toLowerCase()}.`
  return what ? `${title}: ${what}.` : `${title}.`
}
