import { refuse } from '../../domain/errors.ts'
import type { UseCase } from '../ports/house.ts'
import { allowWebhooks } from './create-webhook.ts'
import type { GetWebhook } from './read-webhooks.ts'

/** Ends a webhook: nothing more is told to it, replays neither. Refuses `not_found`. */
export const deleteWebhook: UseCase<GetWebhook, void> = async (tx, actor, { webhookId, dialect }) => {
  allowWebhooks(actor)
  const webhook = await tx.webhooks.lock(webhookId)
  if (!webhook || (dialect && webhook.dialect !== dialect)) refuse('not_found', { what: 'webhook' })
  await tx.webhooks.remove(webhookId)
  await tx.record({ type: 'webhook.deleted', webhookId })
}
