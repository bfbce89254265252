import type { Actor } from '../../domain/actor.ts'
import { refuse } from '../../domain/errors.ts'
import type { Webhook } from '../../domain/webhook.ts'
import type { Query, Tools } from '../ports/house.ts'
import type { Transaction } from '../ports/transaction.ts'
import { allowWebhooks } from './create-webhook.ts'
import { mustBeFit, type WebhookWish } from './fit-webhook.ts'
import { loadWebhook, statsOf, type GetWebhook, type WebhookFound } from './read-webhooks.ts'

/** Absent stays, null clears; `events` and `headers` are replaced as a whole. */
export interface UpdateWebhook extends WebhookWish, GetWebhook {}

const findOwn: Query<GetWebhook, Webhook> = (reader, _actor, { webhookId, dialect }) =>
  loadWebhook(reader, { webhookId, dialect })

/**
 * Changes a webhook. One that was switched off by hand and is switched on again is told what happens from then on; one that the server
 * paused goes on where it stopped. Refuses `not_found`, and `invalid` as at creating.
 */
export async function updateWebhook(tools: Tools, actor: Actor, input: UpdateWebhook): Promise<Webhook> {
  allowWebhooks(actor)
  const { dialect } = await tools.ask(findOwn, actor, input)
  await mustBeFit(tools, dialect, input)
  return tools.act(saveWebhook, actor, input)
}

/** The same, answered with how it has been doing. */
export async function reviseWebhook(tools: Tools, actor: Actor, input: UpdateWebhook): Promise<WebhookFound> {
  const webhook = await updateWebhook(tools, actor, input)
  return { webhook, stats: await tools.ask(statsOf, actor, webhook.id) }
}

/** For whoever is let in already, of a wish that is fit. Refuses `not_found`. */
export async function saveWebhook(tx: Transaction, _actor: Actor, input: UpdateWebhook): Promise<Webhook> {
  const { webhookId, dialect: _dialect, ...wish } = input
  const before = (await tx.webhooks.lock(webhookId)) ?? refuse('not_found', { what: 'webhook' })
  const given = Object.fromEntries(Object.entries(wish).filter(([, value]) => value !== undefined))
  const changed = Object.keys(given)
  if (changed.length === 0) return before
  const isResumed = wish.isActive === true && !before.isActive
  // Switched on or off by hand it is no longer paused, and another address has not failed yet.
  const isAnew = wish.isActive !== undefined || wish.url !== undefined
  const after: Webhook = {
    ...before,
    ...given,
    ...(wish.events && { events: [...new Set(wish.events)] }),
    ...(isAnew && { failingSince: null }),
    ...(wish.isActive !== undefined && { pause: null }),
    updatedAt: tx.now,
  }
  await tx.record({ type: 'webhook.updated', webhookId, changed })
  if (isResumed) await tx.record({ type: 'webhook.resumed', webhookId })
  await tx.webhooks.save(after)
  if (isResumed && before.pause === null) await tx.webhooks.skipToNow(webhookId)
  return after
}
