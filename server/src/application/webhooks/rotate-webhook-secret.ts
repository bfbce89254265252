import { refuse } from '../../domain/errors.ts'
import { hintOf, mustBeFitSecret, newSecret, ROTATION_MS, type Webhook } from '../../domain/webhook.ts'
import type { UseCase } from '../ports/house.ts'
import { allowWebhooks } from './create-webhook.ts'

export interface RotateWebhookSecret {
  webhookId: string
  /** `whsec_…`; a random one by default. */
  secret?: string
}

/** Gives a webhook a new secret, returned this once; for a day deliveries are signed with the one before too. Refuses `not_found`. */
export const rotateWebhookSecret: UseCase<
  RotateWebhookSecret,
  { webhook: Webhook; secret: string; previousUntil: Date }
> = async (tx, actor, { webhookId, secret: wanted }) => {
  allowWebhooks(actor)
  if (wanted !== undefined) mustBeFitSecret(wanted)
  const before = (await tx.webhooks.lock(webhookId)) ?? refuse('not_found', { what: 'webhook' })
  const secret = wanted ?? newSecret(tx.ids)
  const previousUntil = new Date(tx.now.getTime() + ROTATION_MS)
  await tx.webhooks.rotateSecret(webhookId, secret, previousUntil)
  const webhook = { ...before, secretHint: hintOf(secret), updatedAt: tx.now }
  await tx.webhooks.save(webhook)
  await tx.record({ type: 'webhook.updated', webhookId, changed: ['secret'] })
  return { webhook, secret, previousUntil }
}
