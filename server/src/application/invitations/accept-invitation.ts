import type { Actor } from '../../domain/actor.ts'
import type { Account } from '../../domain/account.ts'
import { refuse } from '../../domain/errors.ts'
import { isOpen, type Invitation } from '../../domain/invitation.ts'
import type { Operator } from '../../domain/operator.ts'
import { conversationsToken } from '../operators/conversations-token.ts'
import { fitPassword } from '../operators/fit-password.ts'
import type { Tools } from '../ports/house.ts'
import type { Reader } from '../ports/reader.ts'
import type { Transaction } from '../ports/transaction.ts'

/** What an invitation's link says to whoever holds it. */
export interface InvitationShown {
  invitation: Invitation
  account: Account
  /** There is a person with that address: they sign in and accept, instead of choosing a password. */
  isKnown: boolean
}

/** Refuses `not_found` for anything but the secret of an invitation that waits. The actor is the system, in the link's account. */
export async function showInvitation(
  reader: Reader,
  _actor: Actor,
  { secret }: { secret: string },
): Promise<InvitationShown> {
  const invitation = await open(reader, secret)
  const isKnown = (await reader.operators.personOf(invitation.email)) !== null
  return { invitation, account: await reader.accounts.current(), isKnown }
}

/** A new person with a password, or one who is signed in already. */
export type Accepting = { name?: string; password: string } | { person: { id: string; email: string } }

/** Somebody becomes an operator of the account. Refuses `not_found` as above, and `email_taken` for a password where there is a person. */
export async function acceptInvitation(
  tools: Tools,
  actor: Actor,
  { secret, by }: { secret: string; by: Accepting },
): Promise<Operator> {
  await tools.ask(showInvitation, actor, { secret })
  const who =
    'person' in by
      ? by
      : { name: by.name, passwordHash: await tools.passwords.hash(fitPassword(by.password)) }
  return tools.act(join, actor, { secret, who })
}

type Joining = { name?: string; passwordHash: string } | { person: { id: string; email: string } }

async function join(
  tx: Transaction,
  _actor: Actor,
  { secret, who }: { secret: string; who: Joining },
): Promise<Operator> {
  const seen = await open(tx, secret)
  const invitation = await tx.invitations.lock(seen.id)
  if (!invitation || !isOpen(invitation, tx.now)) return refuse('not_found', { what: 'invitation' })
  // Being asked by an address is asking whoever owns it, and nobody else.
  if ('person' in who && who.person.email !== invitation.email) refuse('not_found', { what: 'invitation' })
  const name = ('name' in who && who.name?.trim()) || invitation.name || invitation.email.split('@')[0] || ''
  const operator = await tx.operators.insert(
    {
      ...{ id: tx.ids.next(), accountId: tx.accountId, email: invitation.email, name, avatar: null },
      ...{ role: invitation.role, roleId: invitation.roleId, scope: invitation.scope },
      ...{ status: 'offline', isActive: true, externalId: null },
      conversationsToken: conversationsToken(tx.now, tx.ids),
      ...{ createdAt: tx.now, updatedAt: tx.now },
    },
    'person' in who ? { personId: who.person.id } : { passwordHash: who.passwordHash },
  )
  for (const groupId of await groupsFor(tx, invitation)) await tx.operators.joinGroup(operator.id, groupId)
  await tx.invitations.save({ ...invitation, acceptedAt: tx.now })
  await tx.record({ type: 'invitation.accepted', invitationId: invitation.id })
  await tx.record({ type: 'operator.created', operatorId: operator.id })
  return operator
}

/** Those that are still there; without any, the default one. */
async function groupsFor(tx: Transaction, { groupIds }: Invitation): Promise<string[]> {
  const there = new Set((await tx.groups.list()).map(({ id }) => id))
  const named = groupIds.filter((id) => there.has(id))
  if (named.length > 0) return named
  const group = await tx.groups.default()
  return group ? [group.id] : []
}

async function open(reader: Reader, secret: string): Promise<Invitation> {
  const invitation = await reader.invitations.bySecret(secret)
  if (!invitation || !isOpen(invitation, reader.now)) return refuse('not_found', { what: 'invitation' })
  return invitation
}
