import type { FastifyReply, FastifyRequest } from 'fastify'
import type { ErrorCode, ErrorDetails } from '../../domain/errors.ts'
import { DomainError } from '../../domain/errors.ts'
import { MultipartRefused } from '../../platform/multipart.ts'

interface Answer {
  status: number
  error(details: ErrorDetails): string
}

/** The caller's names of what the core calls otherwise. */
const PARAMS: Record<string, string> = {
  id: 'uuid',
  url: 'file',
  avatarUrl: 'avatar',
  externalId: 'serviceUserId',
  isActive: 'active',
}
const THINGS: Record<string, string> = { conversation: 'Conversation', operator: 'Agent', bot: 'Bot' }

const param = ({ field = 'body' }: ErrorDetails) => PARAMS[field] ?? field
const said = (text: string) => () => text

const ANSWERS = {
  not_found: { status: 404, error: ({ what = '' }) => `${THINGS[what] ?? 'Resource'} not found` },
  unauthenticated: { status: 401, error: ({ reason }) => reason ?? 'Invalid token' },
  forbidden: { status: 403, error: said('Forbidden') },
  invalid: { status: 400, error: (details) => `${param(details)} is invalid` },
  missing: { status: 400, error: (details) => `${param(details)} is empty` },
  conflict: { status: 400, error: (details) => `${param(details)} has already been taken` },
  already_closed: { status: 400, error: said('The conversation is closed.') },
  already_unassigned: { status: 400, error: said('The conversation is already unassigned.') },
  already_assigned: { status: 400, error: said('The conversation has already been assigned to this agent.') },
  assigned_to_other: { status: 400, error: said('The conversation was assigned to another agent') },
  already_in_group: { status: 400, error: said('The agent group has already been selected.') },
  conversation_exists: { status: 400, error: said('The conversation already exists') },
  email_taken: { status: 400, error: said('The email has already been taken') },
  in_use: { status: 400, error: said('The resource is in use') },
  channel_inactive: { status: 400, error: said('The channel is not active') },
  locked: { status: 400, error: said('Conversation is locked') },
  file_unreachable: { status: 400, error: said('Could not download the file') },
  file_too_large: { status: 400, error: said('The file is too large') },
  rate_limited: { status: 429, error: said('Too many requests') },
  overloaded: { status: 503, error: said('The server is overloaded') },
} satisfies Record<ErrorCode, Answer>

/** Whatever was thrown, in this dialect's shape. Bugs are told here, once, and nothing of them leaves the server. */
export function answerError(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (error instanceof DomainError) {
    const answer: Answer = ANSWERS[error.code]
    if (answer.status === 503 || answer.status === 429)
      void reply.header('retry-after', String(error.details.retryAfter ?? 1))
    return answerWith(reply, answer.status, answer.error(error.details))
  }
  if (error instanceof MultipartRefused)
    return answerWith(reply, error.reason.endsWith('too_large') ? 413 : 400, error.message)
  const status = statusOf(error)
  if (status !== null && error instanceof Error) return answerWith(reply, status, error.message)
  request.log.error({ err: error }, 'a request failed')
  return answerWith(reply, 500, 'Internal server error')
}

export function answerWith(reply: FastifyReply, status: number, error: string): FastifyReply {
  return reply.code(status).type('application/json; charset=utf-8').send({ error, status })
}

/** The status of what the HTTP server itself refuses: a body too long, a length that does not fit. */
function statusOf(error: unknown): number | null {
  if (!(error instanceof Error) || !('statusCode' in error)) return null
  const { statusCode } = error
  return typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500 ? statusCode : null
}
