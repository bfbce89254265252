import type { Actor } from '../../domain/actor.ts'
import { refuse } from '../../domain/errors.ts'
import { isOpen, type Invitation } from '../../domain/invitation.ts'
import { allow } from '../../domain/permissions.ts'
import type { Reader } from '../ports/reader.ts'
import type { Transaction } from '../ports/transaction.ts'

/** Invitations that wait to be accepted, newest first. */
export async function listInvitations(reader: Reader, actor: Actor): Promise<Invitation[]> {
  allow(actor, 'operator.read')
  return reader.invitations.listOpen()
}

/** Ends an invitation: its link opens nothing any more. Refuses `not_found`, also for one that has ended. */
export async function revokeInvitation(
  tx: Transaction,
  actor: Actor,
  { invitationId }: { invitationId: string },
): Promise<void> {
  allow(actor, 'operator.write')
  const invitation = await tx.invitations.lock(invitationId)
  if (!invitation || !isOpen(invitation, tx.now)) refuse('not_found', { what: 'invitation' })
  await tx.invitations.save({ ...invitation, revokedAt: tx.now })
  await tx.record({ type: 'invitation.revoked', invitationId })
}
