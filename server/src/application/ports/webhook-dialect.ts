import type { Account } from '../../domain/account.ts'
import type { Bot } from '../../domain/bot.ts'
import type { Channel } from '../../domain/channel.ts'
import type { Contact } from '../../domain/contact.ts'
import type { RecordedEvent } from '../../domain/event-log.ts'
import type { Message } from '../../domain/message.ts'
import type { Operator } from '../../domain/operator.ts'
import type { ConversationView } from '../../domain/view.ts'
import type { Webhook, WebhookSecrets, WebhookSignature } from '../../domain/webhook.ts'

/**
 * An event with what it is about, as that is when it is told. Facts that an event holds itself go before what was read later: who it was
 * assigned to, the status it reached.
 */
export interface Telling {
  recorded: RecordedEvent
  account: Account
  /** Of the conversation it tells of; null for one that is gone, and for events that tell of none. */
  view: ConversationView | null
  /** Of a message event; null when it is gone. */
  message: Message | null
  /** Whether that message is the first of its conversation that is neither note nor system line. */
  isFirstMessage: boolean
  /** What was said since the episode began, oldest first, without notes and system lines; of `conversation.closed` alone. */
  episodeMessages: Message[]
  /** Of a contact's event; null when it is gone. */
  contact: Contact | null
  /** The conversations of that contact, of `contact.updated` alone. */
  contactViews?: readonly ConversationView[]
  /** Of a channel's event; null when it is gone. */
  channel: Channel | null
  /** Of a bot's event; null when it is gone. */
  bot: Bot | null
  /** By id: the operators whom events name as assignee, before or after. */
  operators: ReadonlyMap<string, Operator>
  /** `https://host[:port]`: where files are served. */
  origin: string
}

/** One thing to tell. */
export interface Payload {
  /** In the dialect's words: what subscriptions ask for. */
  event: string
  body: object
}

export interface Addressed {
  /** The webhook that is told. */
  webhookId: string
  /** `evt_42`: the same on every try. */
  eventKey: string
}

export interface TestAsked {
  eventKey: string
  event?: string | undefined
  at: Date
  account: Account
}

/** What a signature is made of. */
export interface Signing {
  signature: WebhookSignature
  secrets: WebhookSecrets
  /** Unix seconds of this attempt. */
  timestamp: number
  deliveryId: string
  eventKey: string
  event: string
  body: string
}

/** How one dialect tells what happens: its words, its proof and its patience. */
export interface WebhookSpeech {
  /** Every name that a subscription may ask for. */
  events: readonly string[]
  /** What an event is told as, in order; nothing for what the dialect has no words for. */
  render(telling: Telling): Payload[]
  /** The body as it goes to one webhook: where the vendor puts ids into it. The rendered one by default. */
  address?(payload: Payload, addressed: Addressed, telling: Pick<Telling, 'recorded' | 'account'>): object
  /** What is sent to see whether somebody answers, in the name of `event` where the dialect has several. */
  test(webhook: Pick<Webhook, 'id'>, asked: TestAsked): Payload
  /** The headers that prove who sent it. */
  sign(signing: Signing): Record<string, string>
  /** The signatures it knows, its own first. */
  signatures: readonly WebhookSignature[]
  /** Whether `isSilent` events are kept from it. */
  isSilenced: boolean
  hasSucceeded(status: number): boolean
  /** Pauses after failed attempts, in seconds; past the last one it is given up. */
  pauses: readonly number[]
  /** By how much a pause may be longer or shorter, as a fraction. */
  jitter: number
  timeoutMs: number
  /** Whether an endpoint that has failed for days is paused. */
  isPausedByFailure: boolean
}
