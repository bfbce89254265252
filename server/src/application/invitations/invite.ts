import type { Actor } from '../../domain/actor.ts'
import { refuse } from '../../domain/errors.ts'
import { INVITATION_DAYS, type Invitation } from '../../domain/invitation.ts'
import { normalizeEmail } from '../../domain/operator.ts'
import { allow, allowGroups, type Scope } from '../../domain/permissions.ts'
import type { Ref } from '../../domain/ref.ts'
import { allowPowers, powersOf, type OperatorRole } from '../../domain/role.ts'
import type { Transaction } from '../ports/transaction.ts'

const DAY_MS = 86_400_000

export interface Invite {
  email: string
  name?: string
  role: Exclude<OperatorRole, 'owner'>
  /** The account's own role, for `custom`. */
  roleId?: string
  scope?: Scope
  groups: Ref[]
}

/** The invitation, and the secret of its link, returned this once. */
export interface Invited {
  invitation: Invitation
  secret: string
}

/**
 * Asks somebody to become an operator. Refuses `email_taken` when they are one here, `forbidden` when they would be able to do more than
 * whoever asks. An open invitation to the same address ends.
 */
export async function invite(tx: Transaction, actor: Actor, input: Invite): Promise<Invited> {
  allow(actor, 'operator.write')
  const email = normalizeEmail(input.email)
  const custom = input.roleId === undefined ? null : await tx.roles.find(input.roleId)
  if (input.roleId !== undefined && !custom) refuse('not_found', { what: 'role' })
  if ((input.role === 'custom') !== (custom !== null))
    refuse('invalid', { field: 'roleId', reason: 'roleId goes with the role `custom`, and only with it.' })
  allowPowers(actor, powersOf({ role: input.role, scope: input.scope ?? null }, custom))
  const operators = await tx.operators.list()
  if (operators.some((operator) => operator.email === email))
    refuse('email_taken', { field: 'email', reason: email })
  const groupIds = []
  for (const group of input.groups)
    groupIds.push(((await tx.groups.find(group)) ?? refuse('not_found', { what: 'group' })).id)
  allowGroups(actor, groupIds)
  const secret = tx.ids.token(43)
  const invitation: Invitation = {
    ...{ id: tx.ids.next(), accountId: tx.accountId, email, name: input.name?.trim() || null },
    ...{ role: input.role, roleId: custom?.id ?? null, scope: input.scope ?? null, groupIds },
    ...{ invitedBy: actor.operatorId, acceptedAt: null, revokedAt: null, createdAt: tx.now },
    expiresAt: new Date(tx.now.getTime() + INVITATION_DAYS * DAY_MS),
  }
  for (const older of await tx.invitations.listOpen())
    if (older.email === email) await tx.invitations.save({ ...older, revokedAt: tx.now })
  await tx.invitations.insert(invitation, secret)
  await tx.record({ type: 'invitation.created', invitationId: invitation.id })
  return { invitation, secret }
}
