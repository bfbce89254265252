import type { FastifyReply, FastifyRequest } from 'fastify'
import { DomainError } from '../../domain/errors.ts'
import type { ErrorCode } from '../../domain/errors.ts'

interface Kind {
  code: string
  title: string
  detail: string
}

/** Every status of Pact's table, with its words. */
export const STATUSES = {
  400: { code: 'bad_request', title: 'Bad Request', detail: 'Your request sucks' },
  401: { code: 'unauthorized', title: 'Unauthorized', detail: 'Your API key is wrong' },
  402: {
    code: 'payment_required',
    title: 'Payment Required',
    detail: 'Paywoll enabled for the company, you must pay before doing API requests',
  },
  403: { code: 'forbidden', title: 'Forbidden', detail: 'The endpoint is unavailable for you' },
  404: { code: 'not_found', title: 'Not Found', detail: 'The specified resource could not be found' },
  405: {
    code: 'method_not_allowed',
    title: 'Method Not Allowed',
    detail: 'You tried to access with an invalid method',
  },
  406: {
    code: 'not_acceptable',
    title: 'Not Acceptable',
    detail: "You requested a format that isn't json",
  },
  410: { code: 'gone', title: 'Gone', detail: 'The requested resource has been removed from our servers' },
  418: { code: 'im_a_teapot', title: "I'm a teapot", detail: "I'm a teapot" },
  429: {
    code: 'too_many_requests',
    title: 'Too Many Requests',
    detail: "You're requesting too many requests! Slow down!",
  },
  500: {
    code: 'internal_server_error',
    title: 'Internal Server Error',
    detail: 'We had a problem with our server. Try again later.',
  },
  502: {
    code: 'bad_gateway',
    title: 'Bad Gateway',
    detail: "We're temporarially offline for maintanance. Please try again later.",
  },
  503: {
    code: 'service_unavailable',
    title: 'Service Unavailable',
    detail: "We're temporarially offline for maintanance. Please try again later.",
  },
} satisfies Record<number, Kind>

export type Status = keyof typeof STATUSES

/** Pact knows neither 409 nor 413 nor 422: what a client can mend by asking otherwise is 400. */
const REFUSALS = {
  not_found: 404,
  unauthenticated: 401,
  forbidden: 403,
  invalid: 400,
  missing: 400,
  conflict: 400,
  already_closed: 400,
  already_unassigned: 400,
  already_assigned: 400,
  assigned_to_other: 400,
  already_in_group: 400,
  conversation_exists: 400,
  email_taken: 400,
  in_use: 400,
  channel_inactive: 400,
  locked: 400,
  file_unreachable: 400,
  file_too_large: 400,
  rate_limited: 429,
  overloaded: 503,
} satisfies Record<ErrorCode, Status>

/** Our words for fields, in Pact's. */
const FIELDS: Record<string, string> = {
  url: 'file_url',
  attachments: 'attachments_ids',
  operator: 'assignee_id',
  assignee: 'assignee_id',
  channel: 'provider',
  webhookUrl: 'webhook_url',
}

/** The one error body of v1. */
export function errorBody(status: Status, detail?: string) {
  const kind: Kind = STATUSES[status]
  const error = { status, code: kind.code, title: kind.title, detail: detail ?? kind.detail }
  return { status: 'errored', errors: [error] }
}

/** Our words for things, in Pact's. */
const THINGS: Record<string, string> = { dispatch: 'job' }

interface Refusal {
  status: Status
  detail?: string
}

/** What is named by the path and is not there is 404; what a parameter names is that parameter's fault. */
function refusalOf({ code, details }: DomainError): Refusal {
  const { field, what, reason } = details
  if (code === 'not_found') {
    const named = field ?? (what === 'operator' ? what : undefined)
    if (named === undefined) return { status: 404, detail: what && `${THINGS[what] ?? what} not found` }
    return { status: 400, detail: `${FIELDS[named] ?? named}: ${reason ?? 'not found'}` }
  }
  const named = field ?? (code === 'file_unreachable' ? 'file_url' : undefined)
  const said = reason ?? (code === 'file_too_large' ? 'the file is too large' : code.replaceAll('_', ' '))
  return { status: REFUSALS[code], detail: named ? `${FIELDS[named] ?? named}: ${said}` : reason && said }
}

function isStatus(status: number): status is Status {
  return Object.hasOwn(STATUSES, status)
}

/** Answers whatever was thrown; what nobody foresaw is logged here, once, and not told. */
export function answerError(error: unknown, request: FastifyRequest, reply: FastifyReply) {
  if (error instanceof DomainError) {
    const { status, detail } = refusalOf(error)
    if (status === 503 || status === 429)
      void reply.header('retry-after', String(error.details.retryAfter ?? 1))
    return reply.code(status).send(errorBody(status, detail))
  }
  const claimed = claimedStatus(error)
  if (claimed === null) {
    request.log.error({ err: error }, 'a Pact request failed')
    return reply.code(500).send(errorBody(500))
  }
  const status = isStatus(claimed) ? claimed : 400
  const detail = status === 406 || !(error instanceof Error) ? undefined : error.message
  return reply.code(status).send(errorBody(status, detail))
}

/** The status of an error that says it is the client's; null for all others. */
function claimedStatus(error: unknown): number | null {
  const status = error instanceof Error && 'statusCode' in error ? error.statusCode : undefined
  return typeof status === 'number' && status >= 400 && status < 500 ? status : null
}
