import type { Scope } from './permissions.ts'
import type { OperatorRole } from './role.ts'

/** How long an invitation waits to be accepted. */
export const INVITATION_DAYS = 7

/** Somebody who was asked to become an operator. Its link is known to whoever made it and whoever got it. */
export interface Invitation {
  id: string
  accountId: string
  email: string
  /** What the invited is to be called, if the inviter said. */
  name: string | null
  role: Exclude<OperatorRole, 'owner'>
  roleId: string | null
  scope: Scope | null
  groupIds: string[]
  /** The operator who asked; null when a program did. */
  invitedBy: string | null
  expiresAt: Date
  acceptedAt: Date | null
  revokedAt: Date | null
  createdAt: Date
}

/** Whether its link still opens the door. */
export function isOpen(invitation: Invitation, now: Date): boolean {
  return invitation.acceptedAt === null && invitation.revokedAt === null && invitation.expiresAt > now
}
