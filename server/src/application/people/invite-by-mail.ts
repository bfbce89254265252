import type { Actor } from '../../domain/actor.ts'
import { INVITATION_DAYS, type Invitation } from '../../domain/invitation.ts'
import { invite, type Invite } from '../invitations/invite.ts'
import { getAccountName } from '../accounts/get-account.ts'
import type { Tools } from '../ports/house.ts'
import { invitationLetter } from './letters.ts'

export interface InviteByMail extends Invite {
  /** The link that carries a secret. */
  linkOf(secret: string): string
}

/** The link is told only where it did not go out by mail: then it is for whoever asked to hand it on. */
export interface Sent {
  invitation: Invitation
  link: string | null
}

/** Asks somebody to join, by mail where there is a server for it. An invitation whose letter was not taken is shown instead. */
export async function inviteByMail(
  tools: Tools,
  actor: Actor,
  { linkOf, ...input }: InviteByMail,
): Promise<Sent> {
  const { invitation, secret } = await tools.act(invite, actor, input)
  const link = linkOf(secret)
  if (!tools.mail) return { invitation, link }
  const account = await tools.ask(getAccountName, actor, null)
  const letter = invitationLetter({ to: invitation.email, account, link, days: INVITATION_DAYS })
  const isTaken = await tools.mail.send(letter).then(
    () => true,
    () => false,
  )
  return { invitation, link: isTaken ? null : link }
}
