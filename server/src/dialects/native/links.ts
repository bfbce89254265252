import { refuse } from '../../domain/errors.ts'

const INVITATION = /^([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})([A-Za-z0-9_-]{43})$/

/** Secrets stand behind `#`: browsers send that part to nobody. */
export function setupLink(origin: string, secret: string): string {
  return `${origin}/setup#${secret}`
}

export function resetLink(origin: string, token: string): string {
  return `${origin}/password#${token}`
}

/** An invitation's link names its account, which nobody is in yet who follows it. */
export function invitationLink(origin: string, accountId: string, secret: string): string {
  return `${origin}/invitation#${accountId.replaceAll('-', '')}${secret}`
}

/** What `invitationLink` put behind `#`. Refuses `not_found`. */
export function readInvitationLink(token: string): { accountId: string; secret: string } {
  const parts = INVITATION.exec(token)?.slice(1)
  const secret = parts?.pop()
  return parts && secret
    ? { accountId: parts.join('-'), secret }
    : refuse('not_found', { what: 'invitation' })
}
