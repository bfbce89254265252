import type { FastifyReply, FastifyRequest } from 'fastify'
import type { ErrorCode } from '../../domain/errors.ts'
import { DomainError } from '../../domain/errors.ts'

interface Answer {
  status: number
  title: string
}

/** A visitor meets few of these: the others are worded all the same, since any use case may refuse with any of them. */
const ANSWERS = {
  not_found: { status: 404, title: 'Not found' },
  unauthenticated: { status: 401, title: 'Not authenticated' },
  forbidden: { status: 403, title: 'Not allowed' },
  invalid: { status: 400, title: 'Invalid request' },
  missing: { status: 400, title: 'Something is missing' },
  conflict: { status: 409, title: 'Conflict' },
  already_closed: { status: 409, title: 'The conversation is closed' },
  already_unassigned: { status: 409, title: 'The conversation is unassigned' },
  already_assigned: { status: 409, title: 'The conversation is assigned' },
  assigned_to_other: { status: 409, title: 'The conversation is assigned' },
  already_in_group: { status: 409, title: 'The conversation is in this group' },
  conversation_exists: { status: 409, title: 'The conversation exists' },
  email_taken: { status: 409, title: 'The e-mail address is taken' },
  in_use: { status: 409, title: 'In use' },
  channel_inactive: { status: 409, title: 'The chat is switched off' },
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
  field?: string
}

/** What a refusal says, over HTTP as in a frame. */
export function wordError(error: DomainError): Problem {
  const { status, title } = ANSWERS[error.code]
  const { reason, field } = error.details
  const detail = reason ?? (field ? `${field}: ${title.toLowerCase()}.` : `${title}.`)
  const type = `urn:parley:problem:${error.code}`
  return { type, title, status, detail, code: error.code, ...(field !== undefined && { field }) }
}

/** Whatever was thrown, as a problem. Bugs are told here, once, and nothing of them leaves the server. */
export function answerError(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (error instanceof DomainError) {
    const problem = wordError(error)
    if (problem.status === 503 || problem.status === 429)
      void reply.header('retry-after', String(error.details.retryAfter ?? 1))
    return answerWith(reply, problem)
  }
  if (error instanceof Error && 'statusCode' in error) {
    const { statusCode: status, message: detail } = error
    if (typeof status === 'number' && status >= 400 && status < 500)
      return answerWith(reply, { status, title: 'Invalid request', detail, code: 'invalid' })
  }
  request.log.error({ err: error }, 'a request failed')
  const title = 'Internal server error'
  return answerWith(reply, { status: 500, title, detail: 'The fault is ours.', code: 'internal' })
}

export function answerWith(reply: FastifyReply, problem: Omit<Problem, 'type'>): FastifyReply {
  const body = { type: `urn:parley:problem:${problem.code}`, ...problem }
  return reply.code(problem.status).type('application/problem+json').send(body)
}
