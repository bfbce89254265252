import { invite } from '../src/application/invitations/invite.ts'
import { listMessages } from '../src/application/conversations/read-conversations.ts'
import { createRole } from '../src/application/roles/write-role.ts'
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
  ownRoles: Named[]
  /** One of the conversation on WhatsApp. */
  messages: Named[]
}

/** Makes of each thing one in the account, so that every id a route takes can be somebody's. */
export async function addExtras({ tools }: Composed, account: DemoAccount): Promise<Extras> {
  const actor = systemActor(account.id, EVERY_PERMISSION)
  const email = `guest-${account.number}@extras.example`
  const { invitation } = await tools.act(invite, actor, { email, role: 'viewer', groups: [] })
  const { token } = await tools.act(createToken, actor, { kind: 'linktor', name: 'spare' })
  const own = { name: 'Spare', permissions: ['conversation.read' as const], scope: 'own' as const }
  const role = await tools.act(createRole, actor, own)
  const whatsapp = account.channels.find(({ kind }) => kind === 'whatsapp')
  const talk = account.conversations.find(({ channelId }) => channelId === whatsapp?.id)
  const asked = { conversation: { id: talk?.id ?? '' }, order: 'asc' as const, limit: 1 }
  const { messages } = await tools.ask(listMessages, actor, asked)
  return {
    ownRoles: [{ id: role.id }],
    messages: messages.map(({ id }) => ({ id })),
    invitations: [{ id: invitation.id }],
    spareTokens: [{ id: token.id }],
  }
}
