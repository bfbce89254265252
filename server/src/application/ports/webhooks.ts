import type { Account } from '../../domain/account.ts'
import type { Place } from '../../domain/event-log.ts'
import type {
  Delivery,
  DeliveryAttempt,
  DeliveryStatus,
  Webhook,
  WebhookDialect,
  WebhookPause,
  WebhookSecrets,
  WebhookStats,
} from '../../domain/webhook.ts'
import type { WebhookSpeech } from './webhook-dialect.ts'
import type { Unnumbered } from './transaction.ts'

/** Deliveries of one webhook, newest first: numbers below `after`. Every filter given must hold. */
export interface DeliveryQuery {
  webhookId: string
  status?: DeliveryStatus
  event?: string
  after: number | null
  limit: number
}

export interface WebhookReader {
  find(id: string): Promise<Webhook | null>
  /** Oldest first. */
  list(): Promise<Webhook[]>
  /** By id. */
  stats(ids: string[]): Promise<Map<string, WebhookStats>>
  deliveries(query: DeliveryQuery): Promise<Delivery[]>
  /** One numbered page of them, and how many there are. */
  deliveryPage(
    query: Omit<DeliveryQuery, 'after'> & { offset: number },
  ): Promise<{ deliveries: Delivery[]; total: number }>
  delivery(webhookId: string, id: string): Promise<Delivery | null>
  secrets(webhookId: string): Promise<WebhookSecrets>
}

/** Which of a webhook's deliveries are to be told again; bounds of time are those of what happened, `until` exclusive. */
export type Replay =
  | { kind: 'one'; deliveryId: string }
  | { kind: 'failed'; from?: Date; until?: Date }
  | { kind: 'range'; from: Date; until: Date }

export interface WebhookWriter extends WebhookReader {
  /** Loads for change: whoever else wants to change it waits until this transaction ends. */
  lock(id: string): Promise<Webhook | null>
  /** Tells what happens from this transaction's last event on. */
  insert(webhook: Unnumbered<Webhook>, secret: string): Promise<Webhook>
  save(webhook: Webhook): Promise<void>
  /** What happened until now is not told any more. */
  skipToNow(webhookId: string): Promise<void>
  /** The secret before stays good until then. */
  rotateSecret(webhookId: string, secret: string, previousUntil: Date): Promise<void>
  remove(webhookId: string): Promise<void>
  /** Makes deliveries due now, with their schedule at its beginning; says how many. */
  replay(webhookId: string, which: Replay): Promise<number>
}

/** What goes to an endpoint: something told to a webhook. */
export type Letter = Pick<Delivery, 'id' | 'eventKey' | 'event' | 'body'>

/** A webhook with all that telling needs. */
export interface KeyedWebhook {
  webhook: Webhook
  secrets: WebhookSecrets
}

/** The way out, and the words of every dialect. */
export interface WebhookTools {
  speeches: Record<WebhookDialect, WebhookSpeech>
  /** One POST of a letter; a failure is a value. */
  attempt(keyed: KeyedWebhook, letter: Letter): Promise<DeliveryAttempt & { retryAfterMs: number | null }>
  /** Writes down what came of an attempt, with what follows from it. */
  settle(keyed: KeyedWebhook, delivery: Tried): Promise<void>
  /** A delivery's id: the same for the same webhook and event, whoever asks. */
  deliveryId(webhookId: string, eventKey: string): string
}

/** A delivery after a try: what it was before, and the try. */
export interface Tried {
  delivery: Unsaved
  attempt: DeliveryAttempt & { retryAfterMs: number | null }
  /** How far its webhook has come with it; null when that does not move. */
  place: Place | null
}

/** A delivery as it is before it is stored. */
export type Unsaved = Omit<
  Delivery,
  'number' | 'attempts' | 'attemptCount' | 'createdAt' | 'updatedAt' | 'status' | 'dueAt'
> & { messageId: string | null }

/** A webhook with how far it has come. */
export interface OpenWebhook extends KeyedWebhook {
  place: Place
}

/** What became of a try, as it is written down. */
export interface Outcome extends Tried {
  status: DeliveryStatus
  /** When it is tried next; null unless `pending`. */
  dueAt: Date | null
  failures: number
}

/** How an endpoint has been since: what changes with what came of tries. */
export interface Standing {
  accountId: string
  webhookId: string
  failingSince: Date | null
  pause: WebhookPause | null
}

/** What the teller asks of storage: rows of many webhooks and accounts. */
export interface WebhookLedger {
  /** Accounts with an active webhook. */
  accounts(): Promise<string[]>
  account(accountId: string): Promise<Account>
  /** The active ones of an account. */
  open(accountId: string): Promise<OpenWebhook[]>
  /** Which of these are recorded already. */
  known(accountId: string, deliveryIds: string[]): Promise<Set<string>>
  /** What is due of a webhook, first due first. */
  due(accountId: string, webhookId: string, limit: number): Promise<Delivery[]>
  /** When the next delivery of each webhook is due; nothing for those that wait for none. */
  nextDue(accountId: string): Promise<Map<string, Date>>
  /** Writes down what came of tries, how far the webhooks have come, and how their endpoints are; all or nothing. */
  record(outcomes: Outcome[], standings: Standing[]): Promise<void>
  /** Notes how far webhooks have come when there was nothing to tell. */
  advance(places: { accountId: string; webhookId: string; place: Place }[]): Promise<void>
  /** Nothing is kept of what was told of these conversations. */
  forget(accountId: string, conversationIds: string[]): Promise<void>
}
