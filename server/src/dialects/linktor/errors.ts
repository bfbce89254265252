import type { FastifyContextConfig, FastifyReply, FastifyRequest } from 'fastify'
import type { ErrorCode } from '../../domain/errors.ts'
import { DomainError } from '../../domain/errors.ts'
import { UnsupportedContent } from './accept-message.ts'
import type { Fault } from './faults.ts'
import { InvalidRequest } from './faults.ts'
import { writeId } from './ids.ts'
import { quotaHeaders } from './rate-limit.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** How a route of the Linktor dialect calls a field of the core. */
    linktorFields?: Record<string, string>
    /** Which code it has of its own for a field that is invalid. */
    linktorCodes?: Record<string, string>
  }
}

export interface Refusal {
  status: number
  code: string
  message: string
  details?: Fault[]
  /** Seconds; beside the code, as the vendor documents it. */
  retryAfter?: number
  headers?: Record<string, string>
}

const NOT_FOUND: Record<string, { code: string; message: string }> = {
  conversation: { code: 'CONVERSATION_NOT_FOUND', message: 'Conversation does not exist' },
  channel: { code: 'CHANNEL_NOT_FOUND', message: 'Channel does not exist' },
  contact: { code: 'CONTACT_NOT_FOUND', message: 'Contact ID not found' },
  bot: { code: 'BOT_NOT_FOUND', message: 'Bot does not exist' },
  message: { code: 'MESSAGE_NOT_FOUND', message: 'Message does not exist' },
}

const NOTHING_THERE = { code: 'RESOURCE_NOT_FOUND', message: 'Resource does not exist' }
const NOT_FREE = { status: 409, code: 'RESOURCE_ALREADY_EXISTS', message: 'Resource is in use' }
const IN_USE: Record<string, Omit<Refusal, 'details'>> = {
  channel: { status: 400, code: 'ACTIVE_CONVERSATIONS_EXIST', message: 'Channel has active conversations' },
  bot: { status: 400, code: 'BOT_IS_ACTIVE', message: 'Bot has active conversations' },
}
const INVALID = { status: 400, code: 'VALIDATION_ERROR', message: 'Invalid request parameters' }

/** How this dialect calls what the core calls otherwise. */
const FIELDS: Record<string, string> = {
  address: 'to',
  assignee: 'assigneeId',
  channel: 'channelId',
  email: 'contact.email',
  phone: 'contact.phone',
  text: 'content.text',
  url: 'content.url',
  file: 'content.url',
}

type Meaning = { status: number; code: string; message: string } | ((error: DomainError) => Refusal)

/** What the core's refusals mean on this wire. */
const MEANINGS = {
  not_found: (error) => {
    const { what = '', field } = error.details
    // Whoever is to be assigned is a user or a bot, so an unknown one is neither.
    const found = field === 'assignee' ? undefined : NOT_FOUND[what]
    return { status: 404, ...(found ?? NOTHING_THERE) }
  },
  unauthenticated: { status: 401, code: 'INVALID_API_KEY', message: 'Invalid API key' },
  forbidden: { status: 403, code: 'INSUFFICIENT_PERMISSIONS', message: 'Insufficient permissions' },
  invalid: (error) =>
    error.details.what === 'recipient'
      ? { ...INVALID, code: 'INVALID_RECIPIENT', message: error.message }
      : INVALID,
  missing: INVALID,
  conflict: ({ details: { what, reason } }) =>
    what === 'webhook' && reason
      ? { status: 409, code: 'WEBHOOK_LIMIT_REACHED', message: reason }
      : { status: 409, code: 'RESOURCE_ALREADY_EXISTS', message: 'Resource already exists' },
  already_closed: { ...INVALID, message: 'The conversation is closed' },
  already_unassigned: { ...INVALID, message: 'The conversation is not assigned' },
  already_assigned: { ...INVALID, message: 'The conversation is assigned already' },
  assigned_to_other: { ...INVALID, message: 'The conversation is assigned to somebody else' },
  already_in_group: { ...INVALID, message: 'The conversation is in that group already' },
  conversation_exists: ({ details }) => ({
    status: 409,
    code: 'CONVERSATION_EXISTS',
    message: 'Active conversation already exists',
    ...(details.id && {
      details: [{ field: 'conversationId', message: writeId('conversation', details.id) }],
    }),
  }),
  email_taken: { status: 409, code: 'EMAIL_ALREADY_EXISTS', message: 'Email already exists' },
  in_use: ({ details: { what = '' } }) => IN_USE[what] ?? NOT_FREE,
  channel_inactive: { status: 422, code: 'CHANNEL_NOT_CONNECTED', message: 'The channel is not active' },
  locked: { status: 403, code: 'INSUFFICIENT_PERMISSIONS', message: 'The conversation is locked' },
  file_unreachable: INVALID,
  file_too_large: INVALID,
  rate_limited: ({ details: { retryAfter = 1, quota } }) => ({
    status: 429,
    code: 'RATE_LIMIT_EXCEEDED',
    message: 'Too many requests',
    retryAfter,
    headers: { 'retry-after': String(retryAfter), ...(quota && quotaHeaders(quota)) },
  }),
  overloaded: () => ({
    status: 503,
    code: 'INTERNAL_ERROR',
    message: 'Too many requests are waiting',
    headers: { 'retry-after': '1' },
  }),
} satisfies Record<ErrorCode, Meaning>

type Wording = Pick<FastifyContextConfig, 'linktorFields' | 'linktorCodes'>
const FILE_FAULTS = new Set<ErrorCode>(['file_unreachable', 'file_too_large'])

function refusalOf(error: DomainError, { linktorFields: names = {}, linktorCodes = {} }: Wording): Refusal {
  const meaning: Meaning = MEANINGS[error.code]
  const meant = typeof meaning === 'function' ? meaning(error) : meaning
  const field = error.details.field ?? (FILE_FAULTS.has(error.code) ? 'url' : undefined)
  const code = field && error.code === 'invalid' ? linktorCodes[field] : undefined
  const refusal = code ? { ...meant, code } : meant
  if (!field || 'details' in refusal) return refusal
  const named = names[field] ?? FIELDS[field] ?? field
  return { ...refusal, details: [{ field: named, message: error.details.reason ?? refusal.message }] }
}

/** A refusal that is this vendor's alone. */
export class DialectRefusal extends Error {
  override readonly name = 'DialectRefusal'
  readonly refusal: Refusal

  constructor(status: number, code: string, message: string) {
    super(message)
    this.refusal = { status, code, message }
  }
}

/** What is answered for anything thrown; null for a bug. */
function explain(error: unknown, request: FastifyRequest): Refusal | null {
  if (error instanceof DomainError) return refusalOf(error, request.routeOptions.config)
  if (error instanceof DialectRefusal) return error.refusal
  if (error instanceof InvalidRequest) {
    const details = error.faults.length > 0 ? { details: error.faults } : {}
    return { ...INVALID, message: error.message, ...details }
  }
  if (error instanceof UnsupportedContent) {
    const details = [{ field: 'content.type', message: error.message }]
    return { ...INVALID, code: 'UNSUPPORTED_CONTENT_TYPE', message: 'Content type is not supported', details }
  }
  return frameworkRefusal(error)
}

/** The framework refuses bodies that are too long, of another type or cut short. */
function frameworkRefusal(error: unknown): Refusal | null {
  if (!(error instanceof Error) || !('statusCode' in error)) return null
  const status = Number(error.statusCode)
  if (!(status >= 400 && status < 500)) return null
  const messages: Record<number, string> = {
    413: 'The request body is too large',
    415: 'The request body must be application/json',
  }
  return { ...INVALID, status, message: messages[status] ?? INVALID.message }
}

export function sendRefusal(reply: FastifyReply, refusal: Refusal) {
  const { status, headers = {}, ...error } = refusal
  return reply
    .code(status)
    .headers(headers)
    .send({ error, meta: { requestId: reply.request.id } })
}

/** The dialect's error handler: refusals are explained, bugs are logged once and told as nothing but a bug. */
export function answerError(error: unknown, request: FastifyRequest, reply: FastifyReply) {
  const refusal = explain(error, request)
  if (refusal) return sendRefusal(reply, refusal)
  request.log.error({ err: error }, 'a request failed')
  return sendRefusal(reply, { status: 500, code: 'INTERNAL_ERROR', message: 'Internal server error' })
}

export function answerNotFound(_request: FastifyRequest, reply: FastifyReply) {
  return sendRefusal(reply, { status: 404, ...NOTHING_THERE })
}
