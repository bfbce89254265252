import type { Actor } from '../../domain/actor.ts'
import { refuse } from '../../domain/errors.ts'
import { allow, allowEverywhere } from '../../domain/permissions.ts'
import {
  EVERY_EVENT,
  hintOf,
  MOST_WEBHOOKS,
  mustBeFitSecret,
  newSecret,
  type Webhook,
  type WebhookDialect,
} from '../../domain/webhook.ts'
import type { Tools } from '../ports/house.ts'
import type { Transaction } from '../ports/transaction.ts'
import { mustBeFit, type WebhookWish } from './fit-webhook.ts'

export interface CreateWebhook extends WebhookWish {
  dialect: WebhookDialect
  url: string
  /** `whsec_…`; a random one by default. */
  secret?: string
}

/**
 * Has somebody outside told what happens from now on; the secret is returned this once. Whoever is told sees the whole account.
 * Refuses `invalid` for what would never be told, and `conflict` past a hundred of them.
 */
export async function createWebhook(
  tools: Tools,
  actor: Actor,
  input: CreateWebhook,
): Promise<{ webhook: Webhook; secret: string }> {
  allowWebhooks(actor)
  if (input.secret !== undefined) mustBeFitSecret(input.secret)
  await mustBeFit(tools, input.dialect, input)
  const signature = input.signature ?? tools.webhooks.speeches[input.dialect].signatures[0] ?? 'none'
  return tools.act(insertWebhook, actor, { ...input, signature })
}

/** Whoever decides who is told must see everything themselves. */
export function allowWebhooks(actor: Actor): void {
  allow(actor, 'webhook.write')
  allowEverywhere(actor)
}

/** For whoever is let in already, of a wish that is fit. Refuses `conflict` past a hundred. */
export async function insertWebhook(
  tx: Transaction,
  actor: Actor,
  input: CreateWebhook & Pick<Webhook, 'signature'>,
): Promise<{ webhook: Webhook; secret: string }> {
  await tx.webhooks.serialize()
  if ((await tx.webhooks.list()).length >= MOST_WEBHOOKS)
    refuse('conflict', { what: 'webhook', reason: `There are ${MOST_WEBHOOKS} webhooks already.` })
  const secret = input.secret ?? newSecret(tx.ids)
  const id = tx.ids.next()
  // First the event, so that the webhook begins after it.
  await tx.record({ type: 'webhook.created', webhookId: id })
  const webhook = await tx.webhooks.insert(
    {
      id,
      accountId: actor.accountId,
      ...{ dialect: input.dialect, url: input.url, description: input.description ?? null },
      events: [...new Set(input.events ?? [EVERY_EVENT])],
      ...{ headers: input.headers ?? {}, signature: input.signature },
      ...{ timeoutMs: input.timeoutMs ?? null, maxAttempts: input.maxAttempts ?? null },
      ...{ secretHint: hintOf(secret), isActive: input.isActive ?? true, pause: null, failingSince: null },
      ...{ createdAt: tx.now, updatedAt: tx.now },
    },
    secret,
  )
  return { webhook, secret }
}
