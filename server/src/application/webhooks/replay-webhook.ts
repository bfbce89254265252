import { refuse } from '../../domain/errors.ts'
import type { UseCase } from '../ports/house.ts'
import type { Replay } from '../ports/webhooks.ts'
import { allowWebhooks } from './create-webhook.ts'

export interface ReplayWebhook {
  webhookId: string
  which: Replay
}

/**
 * Has deliveries told again, with the ids and bodies they had: one, all that failed, or all of a stretch of time. They are made due at once,
 * and tried on their schedule. Says how many. Refuses `not_found` for the webhook, and for a single delivery.
 */
export const replayWebhook: UseCase<ReplayWebhook, { count: number }> = async (tx, actor, input) => {
  allowWebhooks(actor)
  const { webhookId, which } = input
  if (!(await tx.webhooks.lock(webhookId))) refuse('not_found', { what: 'webhook' })
  const count = await tx.webhooks.replay(webhookId, which)
  if (which.kind === 'one' && count === 0) refuse('not_found', { what: 'delivery' })
  if (count > 0) await tx.record({ type: 'webhook.replayed', webhookId, count })
  return { count }
}
