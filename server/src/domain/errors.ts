import type { Quota } from './quota.ts'

/** Why the core refuses. Each dialect says in its own `errors.ts` what every code means on its wire. */
export type ErrorCode =
  | 'not_found'
  | 'unauthenticated'
  | 'forbidden'
  | 'invalid'
  | 'missing'
  | 'conflict'
  | 'already_closed'
  | 'already_unassigned'
  | 'already_assigned'
  | 'assigned_to_other'
  | 'already_in_group'
  | 'conversation_exists'
  | 'email_taken'
  | 'in_use'
  | 'channel_inactive'
  | 'locked'
  | 'file_unreachable'
  | 'file_too_large'
  | 'rate_limited'
  | 'overloaded'

/** What a refusal is about: `what` names the concept (`conversation`), `field` the offending input, `reason` a sentence for people. */
export interface ErrorDetails {
  what?: string
  field?: string
  reason?: string
  id?: string
  /** Seconds until it is worth trying again. */
  retryAfter?: number
  /** The limit that was met. */
  quota?: Quota
}

/** A refusal the caller caused and can read; everything else thrown is a bug. */
export class DomainError extends Error {
  override readonly name = 'DomainError'
  readonly code: ErrorCode
  readonly details: ErrorDetails

  constructor(code: ErrorCode, details: ErrorDetails = {}, cause?: unknown) {
    super(details.reason ?? `${code}${details.what ? `: ${details.what}` : ''}`, { cause })
    this.code = code
    this.details = details
  }
}

/** Throws a refusal; typed `never`, so it can close an expression: `found ?? refuse('not_found', …)`. */
export function refuse(code: ErrorCode, details: ErrorDetails = {}, cause?: unknown): never {
  throw new DomainError(code, details, cause)
}
