import type { FastifyReply, FastifyRequest } from 'fastify'
import type { ErrorCode, ErrorDetails } from '../../domain/errors.ts'
import { DomainError } from '../../domain/errors.ts'

/** A refusal on this wire: the status is repeated in the body. */
export interface Refusal {
  error: string | Record<string, string>
  status: number
}

/** What the core's input fields are called by the clients of a route. */
export type WireNames = Record<string, string>

interface Meaning {
  status?: number
  error(details: ErrorDetails, wireName: string): Refusal['error']
}

const THINGS: Record<string, string> = {
  conversation: 'Conversation',
  operator: 'Operator',
  group: 'Group',
  contact: 'User',
  channel: 'Custom channel',
}

const say = (text: string, status?: number): Meaning => ({ status, error: () => text })
const taken = (email: string) => ({ invite_email: `Email "${email}" has already been taken.` })

/** Every refusal of the core in the vendor's words; business rules are 400, "not found" among them. */
const MEANINGS = {
  not_found: { error: ({ what }) => `${THINGS[what ?? ''] ?? 'Object'} not found` },
  unauthenticated: { status: 401, error: ({ reason }) => reason ?? 'Invalid token' },
  forbidden: say('The token does not allow this', 403),
  missing: { error: (_details, wireName) => `${wireName} is empty` },
  invalid: {
    error: ({ field, reason }, wireName) =>
      wireName === 'invite_email' || field === 'password'
        ? { [wireName]: reason ?? `${wireName} is invalid` }
        : `${wireName} is invalid`,
  },
  conflict: { error: (_details, wireName) => `${wireName} has already been taken` },
  already_closed: say('The conversation is closed.'),
  already_unassigned: say('The conversation is already unassigned.'),
  already_assigned: say('The conversation has already been assigned to this operator.'),
  assigned_to_other: say('The conversation was assigned to another operator'),
  already_in_group: say('The operator group has already been selected.'),
  conversation_exists: say('The conversation already exists.'),
  email_taken: { error: ({ reason }) => taken(reason ?? '') },
  in_use: say('The object is in use.'),
  channel_inactive: say('The channel is not active.'),
  locked: say('Conversation is locked'),
  file_unreachable: say('Could not download the file'),
  file_too_large: say('The file is too large'),
  rate_limited: say('Too many requests', 429),
  overloaded: say('The server is overloaded, try again later', 503),
} satisfies Record<ErrorCode, Meaning>

const WIRE_NAMES: WireNames = { email: 'invite_email', password: 'operator_password', id: 'message_id' }

/** A refusal of the core as this dialect says it. */
export function presentError({ code, details }: DomainError, names: WireNames = {}): Refusal {
  const field = details.field ?? 'request'
  const meaning: Meaning = MEANINGS[code]
  return {
    error: meaning.error(details, names[field] ?? WIRE_NAMES[field] ?? field),
    status: meaning.status ?? 400,
  }
}

/** Answers whatever is thrown: refusals in the vendor's words, the framework's own, and bugs, which are logged. */
export function answerError(names: WireNames) {
  return async (thrown: unknown, request: FastifyRequest, reply: FastifyReply): Promise<Refusal> => {
    const refusal =
      thrown instanceof DomainError ? presentError(thrown, names) : presentFrameworkError(thrown)
    if (refusal.status === 500) request.log.error({ err: thrown }, 'a request failed')
    if (refusal.status === 503 || refusal.status === 429)
      void reply.header('retry-after', String(retryAfterOf(thrown)))
    reply.code(refusal.status)
    return refusal
  }
}

const retryAfterOf = (thrown: unknown) =>
  (thrown instanceof DomainError ? thrown.details.retryAfter : undefined) ?? 1

const FRAMEWORK_WORDS: Record<number, string> = {
  408: 'The request took too long',
  413: 'The request body is too large',
  415: 'The content type is not supported',
}

/** What Fastify refuses by itself: bodies too large, of an unknown type, or broken off. */
function presentFrameworkError(thrown: unknown): Refusal {
  const status = thrown instanceof Error && 'statusCode' in thrown ? Number(thrown.statusCode) : 500
  if (!(status >= 400 && status < 500)) return { error: 'Internal server error', status: 500 }
  return { error: FRAMEWORK_WORDS[status] ?? 'The request body is invalid', status }
}
