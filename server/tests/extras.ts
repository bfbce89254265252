import { invite } from '../src/application/invitations/invite.ts'
import { createToken } from '../src/application/tokens/create-token.ts'
import { systemActor } from '../src/domain/actor.ts'
import { EVERY_PERMISSION } from '../src/domain/permissions.ts'
import type { Composed } from '../src/main/compose.ts'
import type { DemoAccount } from '../src/main/demo.ts'

interface Named {
  id: string
}

/** What tests name besides what the demo tells of its accounts. */
export interface Extras {
  invitations: Named[]
  spareTokens: Named[]
}

/** Makes of each thing one in the account, so that every id a route takes can be somebody's. */
export async function addExtras({ tools }: Composed, account: DemoAccount): Promise<Extras> {
  const actor = systemActor(account.id, EVERY_PERMISSION)
  const email = `guest-${account.number}@extras.example`
  const { invitation } = await tools.act(invite, actor, { email, role: 'viewer', groups: [] })
  const { token } = await tools.act(createToken, actor, { kind: 'linktor', name: 'spare' })
  return { invitations: [{ id: invitation.id }], spareTokens: [{ id: token.id }] }
}
