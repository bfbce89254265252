import type { Account } from '../../domain/account.ts'
import type { Actor } from '../../domain/actor.ts'
import { refuse } from '../../domain/errors.ts'
import type { Delivery, DeliveryAttempt } from '../../domain/webhook.ts'
import type { Query, Tools } from '../ports/house.ts'
import type { KeyedWebhook, Unsaved } from '../ports/webhooks.ts'
import { allowWebhooks } from './create-webhook.ts'
import { loadDelivery, loadWebhook, type GetDelivery, type GetWebhook } from './read-webhooks.ts'

export interface TestWebhook extends GetWebhook {
  /** In whose name, where the dialect has several; its own test event by default. */
  event?: string
}

/** A delivery with the try that was just made. */
export interface Tested {
  delivery: Delivery
  attempt: DeliveryAttempt
}

/** Sends a test to a webhook, active or not, and waits for the answer. Refuses `not_found`, and `invalid` for words its dialect does not have. */
export async function testWebhook(tools: Tools, actor: Actor, input: TestWebhook): Promise<Tested> {
  allowWebhooks(actor)
  const { keyed, account, now } = await tools.ask(findKeyed, actor, input)
  const { webhook } = keyed
  const eventKey = `test_${tools.ids.next().replaceAll('-', '')}`
  const speech = tools.webhooks.speeches[webhook.dialect]
  if (input.event !== undefined && !speech.events.includes(input.event))
    refuse('invalid', { field: 'event', reason: `event: there is no ${input.event}.` })
  const { event, body } = speech.test(webhook, { eventKey, event: input.event, at: now, account })
  return tryNow(tools, actor, keyed, {
    ...{ id: tools.webhooks.deliveryId(webhook.id, eventKey), accountId: actor.accountId },
    ...{ webhookId: webhook.id, eventKey, event },
    ...{ conversationId: null, messageId: null, contactId: null },
    ...{ body: JSON.stringify(body), occurredAt: now },
    // A test is tried once.
    failures: speech.pauses.length,
  })
}

/** Tries one delivery again at once, whatever became of it, and waits for the answer. Refuses `not_found`. */
export async function retryDelivery(tools: Tools, actor: Actor, input: GetDelivery): Promise<Tested> {
  allowWebhooks(actor)
  const { keyed } = await tools.ask(findKeyed, actor, input)
  const found = await tools.ask(findDelivery, actor, input)
  // What is over is tried this once; what waits goes on with its schedule.
  const isOver = found.status !== 'pending'
  const failures = isOver ? tools.webhooks.speeches[keyed.webhook.dialect].pauses.length : found.failures
  return tryNow(tools, actor, keyed, { ...found, failures })
}

async function tryNow(tools: Tools, actor: Actor, keyed: KeyedWebhook, delivery: Unsaved): Promise<Tested> {
  const attempt = await tools.webhooks.attempt(keyed, delivery)
  await tools.webhooks.settle(keyed, delivery, attempt)
  const { id: deliveryId, webhookId } = delivery
  return { attempt, delivery: await tools.ask(findDelivery, actor, { webhookId, deliveryId }) }
}

const findDelivery: Query<GetDelivery, Delivery> = (reader, _actor, input) => loadDelivery(reader, input)

const findKeyed: Query<GetWebhook, { keyed: KeyedWebhook; account: Account; now: Date }> = async (
  reader,
  _actor,
  input,
) => {
  const webhook = await loadWebhook(reader, input)
  const secrets = await reader.webhooks.secrets(webhook.id)
  if (secrets.length === 0) return refuse('not_found', { what: 'webhook' })
  return { keyed: { webhook, secrets }, account: await reader.accounts.current(), now: reader.now }
}
