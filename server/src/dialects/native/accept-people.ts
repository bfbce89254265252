import type { FoundAccount } from '../../application/accounts/found-account.ts'
import type { Invite } from '../../application/invitations/invite.ts'
import { refuse } from '../../domain/errors.ts'
import { unstorablePath } from '../../platform/text.ts'
import { refOf } from './ids.ts'
import type { InviteBody, SetupBody } from './schema/people.ts'

/** The UUID in a public id. Refuses `not_found`. */
export function idOf(what: Parameters<typeof refOf>[0], text: string): string {
  const ref = refOf(what, text)
  return 'id' in ref ? ref.id : refuse('not_found', { what })
}

export function acceptInvite(body: InviteBody): Invite {
  mustBeStorable(body)
  const { email, name, role, roleId, scope, groupIds = [] } = body
  return {
    ...{ email, name, role, scope },
    roleId: roleId === undefined ? undefined : idOf('role', roleId),
    groups: groupIds.map((id) => refOf('group', id)),
  }
}

export function acceptSetup(body: SetupBody): FoundAccount & { secret: string } {
  mustBeStorable(body)
  const { token: secret, accountName, name, email, password } = body
  return {
    secret,
    name: given(accountName, 'accountName'),
    owner: { email, password, name: given(name, 'name') },
  }
}

function given(text: string, field: string): string {
  return text.trim() || refuse('missing', { field, reason: `${field} is empty.` })
}

export function mustBeStorable(body: Record<string, unknown>): void {
  const bad = unstorablePath(body)
  if (bad !== null) refuse('invalid', { field: bad, reason: `${bad} has characters that cannot be stored.` })
}
