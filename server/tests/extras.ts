import { invite } from '../src/application/invitations/invite.ts'
import { listMessages } from '../src/application/conversations/read-conversations.ts'
import { createRole } from '../src/application/roles/write-role.ts'
import { createToken } from '../src/application/tokens/create-token.ts'
import type { Tools } from '../src/application/ports/house.ts'
import { createWebhook } from '../src/application/webhooks/create-webhook.ts'
import { systemActor, type Actor } from '../src/domain/actor.ts'
import { EVERY_PERMISSION } from '../src/domain/permissions.ts'
import type { WebhookDialect } from '../src/domain/webhook.ts'
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
  /** None is active: nobody is there to be told. */
  webhooks: Named[]
  /** To the first of them; it failed. */
  deliveries: Named[]
  /** The same in Linktor's words. */
  linktorWebhooks: Named[]
  linktorDeliveries: Named[]
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
  const linktor = await addWebhooks(tools, actor, 'linktor')
  return {
    ownRoles: [{ id: role.id }],
    messages: messages.map(({ id }) => ({ id })),
    invitations: [{ id: invitation.id }],
    spareTokens: [{ id: token.id }],
    ...(await addWebhooks(tools, actor, 'native')),
    linktorWebhooks: linktor.webhooks,
    linktorDeliveries: linktor.deliveries,
  }
}

/** Where nothing listens, and nothing is sent to unless a test opens it. */
const NOWHERE = 'http://127.0.0.1:1/'

async function addWebhooks(
  tools: Tools,
  actor: Actor,
  dialect: WebhookDialect,
): Promise<Pick<Extras, 'webhooks' | 'deliveries'>> {
  const input = { dialect, url: NOWHERE, isActive: false }
  const one = await tools.perform(createWebhook, actor, input)
  const other = await tools.perform(createWebhook, actor, input)
  const [webhookId, eventKey] = [one.webhook.id, 'evt_1']
  const id = tools.webhooks.deliveryId(webhookId, eventKey)
  const letter = { id, accountId: actor.accountId, webhookId, eventKey, event: 'contact.updated' }
  const about = {
    conversationId: null,
    messageId: null,
    contactId: null,
    body: '{}',
    occurredAt: one.webhook.createdAt,
  }
  const refused = { latencyMs: 1, status: null, error: 'Nobody is there', response: null, retryAfterMs: null }
  await tools.webhooks.settle(
    { webhook: one.webhook, secrets: [one.secret] },
    { ...letter, ...about, failures: 100 },
    { ...refused, at: one.webhook.createdAt.toISOString(), request: { headers: {} } },
  )
  return { webhooks: [{ id: webhookId }, { id: other.webhook.id }], deliveries: [{ id }] }
}
