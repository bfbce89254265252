import { refuse } from '../../domain/errors.ts'
import type { UseCase } from '../ports/house.ts'
import { allowWebhooks } from './create-webhook.ts'

/** Ends a webhook: nothing more is told to it, replays neither. Refuses `not_found`. */
export const deleteWebhook: UseCase<{ webhookId: string }, void> = async (tx, actor, { webhookId }) => {
  allowWebhooks(actor)
  if (!(await tx.webhooks.lock(webhookId))) refuse('not_found', { what: 'webhook' })
  await tx.webhooks.remove(webhookId)
  await tx.record({ type: 'webhook.deleted', webhookId })
}
