import type { Membership } from '../../application/ports/memberships.ts'
import type { Person, Session } from '../../application/ports/sign-in.ts'
import type { Permission } from '../../domain/permissions.ts'
import type { OperatorRole } from '../../domain/role.ts'
import type { Token } from '../../domain/token.ts'
import { writeId } from './ids.ts'
import { wordsFor } from './key-permissions.ts'
import { writeTime } from './time.ts'

/** A user of one organization: an operator of an account. */
export interface User {
  person: Person
  session: Session
  membership: Membership
}

/** The vendor knows no owner, and no roles of an organization's own. */
const ROLES: Record<OperatorRole, string> = {
  ...{ owner: 'admin', admin: 'admin', supervisor: 'supervisor', operator: 'agent', viewer: 'viewer' },
  custom: 'agent',
}

const organizationOf = ({ account }: Membership) => ({
  id: writeId('organization', account.id),
  name: account.name,
})
const identified = ({ membership }: User) => ({
  id: writeId('user', membership.operatorId),
  type: 'user' as const,
})
const attributesOf = ({ person }: User) => ({
  email: person.email,
  name: person.name,
  emailVerified: person.isEmailVerified,
})

export function presentLogin(user: User) {
  return {
    ...identified(user),
    attributes: { ...attributesOf(user), lastLoginAt: writeTime(user.session.createdAt) },
    relationships: { organization: organizationOf(user.membership) },
  }
}

export function presentRegistration(user: User) {
  return {
    ...identified(user),
    attributes: { ...attributesOf(user), createdAt: writeTime(user.person.createdAt) },
    relationships: { organization: organizationOf(user.membership) },
  }
}

export function presentMyself(user: User) {
  const { person, session, membership } = user
  return {
    ...identified(user),
    attributes: {
      ...attributesOf(user),
      avatar: null,
      createdAt: writeTime(person.createdAt),
      lastLoginAt: writeTime(session.createdAt),
    },
    relationships: { organization: { ...organizationOf(membership), role: ROLES[membership.role] } },
  }
}

export function presentKey({ id, name, permissions, scopes, lastUsedAt, expiresAt, createdAt }: Token) {
  return {
    id: writeId('key', id),
    type: 'api_key' as const,
    attributes: {
      name,
      permissions: scopes ?? wordsFor(permissions satisfies Permission[]),
      lastUsedAt: lastUsedAt && writeTime(lastUsedAt),
      expiresAt: expiresAt && writeTime(expiresAt),
      createdAt: writeTime(createdAt),
    },
  }
}
