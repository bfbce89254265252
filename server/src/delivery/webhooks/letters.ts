import type { Payload, Telling, WebhookSpeech } from '../../application/ports/webhook-dialect.ts'
import type { Unsaved } from '../../application/ports/webhooks.ts'
import { asksFor, type Webhook } from '../../domain/webhook.ts'

/** What an event is told as, rendered once for all webhooks of a dialect. */
const rendered = new WeakMap<Telling, Map<WebhookSpeech, Payload[]>>()

function payloadsOf(telling: Telling, speech: WebhookSpeech): Payload[] {
  const known = rendered.get(telling) ?? new Map<WebhookSpeech, Payload[]>()
  rendered.set(telling, known)
  const payloads = known.get(speech) ?? speech.render(telling)
  known.set(speech, payloads)
  return payloads
}

/** `evt_42` for what an event is told as first, `evt_42_1` for what comes next. */
const keyOf = (eventId: number, at: number) => (at === 0 ? `evt_${eventId}` : `evt_${eventId}_${at}`)

export interface Writing {
  webhook: Webhook
  speech: WebhookSpeech
  deliveryId(webhookId: string, eventKey: string): string
}

/** The message told of; of a talk that is told as a whole the first one: nothing of it outlives that. */
function oldestWords({ message, episodeMessages: [first] }: Telling): string | null {
  return (message ?? first)?.id ?? null
}

/** What one webhook is told of an event, in order: only what it asked for. A place among all that is told keeps its key. */
export function lettersOf(telling: Telling, { webhook, speech, deliveryId }: Writing): Unsaved[] {
  const { recorded, contact } = telling
  const { event, id, isSilent, occurredAt } = recorded
  if (isSilent && speech.isSilenced) return []
  return payloadsOf(telling, speech).flatMap((payload, at): Unsaved[] => {
    if (!asksFor(webhook, payload.event)) return []
    const eventKey = keyOf(id, at)
    const body = speech.address?.(payload, { webhookId: webhook.id, eventKey }, telling) ?? payload.body
    return [
      {
        id: deliveryId(webhook.id, eventKey),
        ...{ accountId: webhook.accountId, webhookId: webhook.id, eventKey, event: payload.event },
        conversationId: 'conversationId' in event ? event.conversationId : null,
        messageId: oldestWords(telling),
        contactId: contact?.id ?? null,
        ...{ body: JSON.stringify(body), occurredAt, failures: 0 },
      },
    ]
  })
}
