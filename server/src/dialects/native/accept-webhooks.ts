import type { CreateWebhook } from '../../application/webhooks/create-webhook.ts'
import type { WebhookWish } from '../../application/webhooks/fit-webhook.ts'
import type { Replay } from '../../application/ports/webhooks.ts'
import type { UpdateWebhook } from '../../application/webhooks/update-webhook.ts'
import { refuse } from '../../domain/errors.ts'
import { acceptTime, given, optionalText, requiredText } from './accept-fields.ts'
import { idOf } from './accept-people.ts'
import type { ReplayBody } from './schema/webhook-deliveries.ts'
import type { CreateWebhookBody, UpdateWebhookBody } from './schema/webhooks.ts'

const LONGEST_URL = 8192
const LONGEST_DESCRIPTION = 2000

export function acceptCreateWebhook(body: CreateWebhookBody): CreateWebhook {
  const { url, dialect = 'native', secret } = body
  return {
    ...acceptWish(body),
    url: requiredText(url, 'url', LONGEST_URL),
    dialect,
    ...(secret !== undefined && { secret }),
  }
}

export function acceptUpdateWebhook(id: string, body: UpdateWebhookBody): UpdateWebhook {
  return { webhookId: idOf('webhook', id), ...acceptWish(body) }
}

function acceptWish(body: UpdateWebhookBody): WebhookWish {
  const { url, description, events, headers, signature, maxAttempts, isActive } = body
  return {
    ...given('url', url, (text) => requiredText(text, 'url', LONGEST_URL)),
    ...given('description', description, (text) => optionalText(text, 'description', LONGEST_DESCRIPTION)),
    ...given('events', events, (names) => names),
    ...given('headers', headers, (values) => values),
    ...given('signature', signature, (word) => word),
    ...given('timeoutMs', body.timeoutSeconds, (seconds) => seconds && seconds * 1000),
    ...given('maxAttempts', maxAttempts, (count) => count),
    ...given('isActive', isActive, (is) => is),
  }
}

/** One of three ways to say which: what belongs to another way is refused, so that no replay is wider than was meant. */
export function acceptReplay({ deliveryId, status, from, until }: ReplayBody): Replay {
  const stretch = {
    ...given('from', from, (text) => acceptTime(text, 'from')),
    ...given('until', until, (text) => acceptTime(text, 'until')),
  }
  if (deliveryId !== undefined) {
    const [more] = Object.entries({ status, from, until }).find(([, value]) => value !== undefined) ?? []
    if (more !== undefined)
      refuse('invalid', { field: more, reason: `${more} does not go together with deliveryId.` })
    return { kind: 'one', deliveryId: idOf('delivery', deliveryId) }
  }
  if (stretch.from && stretch.until && stretch.from >= stretch.until)
    refuse('invalid', { field: 'until', reason: 'until is not after from.' })
  if (status !== undefined) return { kind: 'failed', ...stretch }
  const reason = 'Say deliveryId, or status, or from and until.'
  const begin = stretch.from ?? refuse('missing', { field: 'from', reason })
  return { kind: 'range', from: begin, until: stretch.until ?? refuse('missing', { field: 'until', reason }) }
}
