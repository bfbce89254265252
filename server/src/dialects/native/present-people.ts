import type { InvitationShown } from '../../application/invitations/accept-invitation.ts'
import type { Membership } from '../../application/ports/memberships.ts'
import type { Session } from '../../application/ports/sign-in.ts'
import type { Invitation } from '../../domain/invitation.ts'
import type { Caller } from './auth.ts'
import { publicId } from './ids.ts'
import type { InvitationBody, MeBody, SessionBody } from './schema/people.ts'

export function presentMe({ person, session }: Caller, memberships: Membership[]): MeBody {
  return {
    ...{ id: person.id, name: person.name, email: person.email, emailVerified: person.isEmailVerified },
    secondFactor: person.hasSecondFactor,
    sessionId: publicId('session', session.id),
    accounts: memberships.map(({ account, operatorId, operatorNumber, role }) => ({
      accountId: publicId('account', account.id),
      accountNumber: account.number,
      accountName: account.name,
      operatorId: publicId('operator', operatorId),
      ...{ operatorNumber, role },
    })),
  }
}

export function presentSession(session: Session, currentId: string): SessionBody {
  const { id, address, userAgent, createdAt, expiresAt } = session
  return {
    ...{ id: publicId('session', id), current: id === currentId, address, userAgent },
    ...{ createdAt: createdAt.toISOString(), expiresAt: expiresAt.toISOString() },
  }
}

export function presentInvitation(invitation: Invitation): InvitationBody {
  const { id, email, name, role, roleId, scope, groupIds, expiresAt, createdAt } = invitation
  return {
    ...{ id: publicId('invitation', id), email, name, role, scope },
    roleId: roleId && publicId('role', roleId),
    groupIds: groupIds.map((groupId) => publicId('group', groupId)),
    ...{ expiresAt: expiresAt.toISOString(), createdAt: createdAt.toISOString() },
  }
}

export function presentInvitationShown({ invitation, account, isKnown }: InvitationShown) {
  const { email, name, role, expiresAt } = invitation
  return { accountName: account.name, email, name, role, isKnown, expiresAt: expiresAt.toISOString() }
}
