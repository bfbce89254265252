import type { Attachment } from './attachment.ts'
import { refuse } from './errors.ts'
import type { Scope } from './permissions.ts'
import type { OperatorRole } from './role.ts'

export type OperatorStatus = 'online' | 'offline'

/** A human who answers, in one account. */
export interface Operator {
  id: string
  number: number
  accountId: string
  /** Null for an operator that only a program drives (registered through the widget API). */
  email: string | null
  name: string
  role: OperatorRole
  /** The account's own role, when `role` is `custom`; null otherwise. */
  roleId: string | null
  /** Which conversations it sees, when that is not what its role says; null otherwise. */
  scope: Scope | null
  status: OperatorStatus
  isActive: boolean
  /** The operator's id in the service that registered it; unique within the account. */
  externalId: string | null
  avatar: Attachment | null
  /** 13 hex characters: seconds and microseconds of the operator's birth. */
  conversationsToken: string
  createdAt: Date
  updatedAt: Date
}

/** What an operator may not do to this one, or to itself, whatever else it may. Refuses `forbidden`. */
export function mustStandDown(
  operator: Pick<Operator, 'id' | 'role'>,
  actor: { operatorId: string | null },
): void {
  if (operator.role === 'owner')
    refuse('forbidden', { what: 'operator', reason: 'The owner stays the owner, and stays active.' })
  if (operator.id === actor.operatorId)
    refuse('forbidden', { what: 'operator', reason: 'Nobody disables or deletes themselves.' })
}

const EMAIL = /^[^\s@<>"]{1,64}@[^\s@<>"]{1,190}$/

/** The address in the form it is stored and compared in; refuses what cannot be one. */
export function normalizeEmail(email: string): string {
  const trimmed = email.trim().toLowerCase()
  if (!EMAIL.test(trimmed) || !trimmed.split('@')[1]?.includes('.') || trimmed.length > 254)
    refuse('invalid', { field: 'email', reason: 'Email is not a valid email address.' })
  return trimmed
}
