import type { Payload, Telling, TestAsked, WebhookSpeech } from '../../application/ports/webhook-dialect.ts'
import type { Webhook } from '../../domain/webhook.ts'
import { standardHeaders } from '../../platform/standard-webhooks.ts'
import { EVENT_TYPES, presentEvent } from './events.ts'
import { publicId } from './ids.ts'
import { presentBot } from './present-bots.ts'
import { presentChannel } from './present-channels.ts'
import { presentContact } from './present-contacts.ts'
import { presentConversation } from './present-conversations.ts'
import { presentMessageView } from './present-messages.ts'
import type { EventBody } from './schema/events.ts'
import type { ToldBody } from './schema/webhooks.ts'

/** Each event is told as itself, with what it is about as `GET` of that shows it. */
function render(telling: Telling): Payload[] {
  const { recorded, account } = telling
  const body: ToldBody = { ...envelope(presentEvent(recorded), account.id), ...subjects(telling) }
  return [{ event: recorded.event.type, body }]
}

/** An event as the log shows it, in the words of the Standard Webhooks specification. */
function envelope({ id, type, occurredAt, ...rest }: EventBody, accountId: string): ToldBody {
  return { id, type, timestamp: occurredAt, accountId: publicId('account', accountId), ...rest }
}

/** Whoever may change a channel sees all of its address; who is told may be anybody. */
const ANYBODY = { permissions: new Set<never>() }

function subjects({ message, view, contact, channel, bot, origin }: Telling) {
  return {
    ...(message && { message: presentMessageView(message, origin) }),
    ...(view && { conversation: withoutWords(presentConversation(view, origin)) }),
    ...(contact && { contact: presentContact(contact, origin) }),
    ...(channel && { channel: presentChannel(channel, ANYBODY) }),
    ...(bot && { bot: presentBot(bot) }),
  }
}

/** A body holds no message's words but those of its own: it goes when they are forgotten. */
function withoutWords(conversation: ReturnType<typeof presentConversation>) {
  const { lastMessage: _newest, ...rest } = conversation
  return rest
}

function test({ id }: Pick<Webhook, 'id'>, { eventKey, at, account }: TestAsked): Payload {
  const body: ToldBody = {
    ...{ id: eventKey, type: 'webhook.test', timestamp: at.toISOString() },
    ...{ accountId: publicId('account', account.id), silent: false },
    data: { webhookId: publicId('webhook', id) },
  }
  return { event: body.type, body }
}

const MINUTE = 60
const HOUR = 60 * MINUTE

/** What happens as our own API tells it, by the Standard Webhooks specification. */
export const nativeSpeech: WebhookSpeech = {
  events: EVENT_TYPES,
  ...{ render, test },
  sign: ({ eventKey, timestamp, body, secrets }) =>
    standardHeaders({ id: eventKey, timestamp, body }, secrets),
  signatures: ['standard'],
  isSilenced: false,
  hasSucceeded: (status) => status >= 200 && status < 300,
  // The specification's own schedule: ten tries within three days.
  pauses: [5, 5 * MINUTE, ...[0.5, 2, 5, 10, 14, 20, 24].map((hours) => hours * HOUR)],
  jitter: 0.2,
  timeoutMs: 20_000,
  isPausedByFailure: true,
}
