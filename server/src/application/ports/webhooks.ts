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
  /** Whoever else wants to add one waits until this transaction ends. */
  serialize(): Promise<void>
  /** Loads for change: whoever else wants to change it waits until this transaction ends. */
  lock(id: string): Promise<Webhook | null>
  /** Tells what happens from this transaction's last event on. */
  insert(webhook: Omit<Webhook, 'number'>, secret: string): Promise<Webhook>
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

/** A try, and when the endpoint asked to be tried again; null when it did not. */
export interface Answered extends DeliveryAttempt {
  retryAfterMs: number | null
}

/** The way out, and the words of every dialect. */
export interface WebhookTools {
  speeches: Record<WebhookDialect, WebhookSpeech>
  /** One POST of a letter; a failure is a value. */
  attempt(keyed: KeyedWebhook, letter: Letter): Promise<Answered>
  /** Writes down what came of a try, with what follows from it; resolves when it is committed. */
  settle(keyed: KeyedWebhook, delivery: Unsaved, attempt: Answered): Promise<void>
  /** A delivery's id: the same for the same webhook and event, whoever asks. */
  deliveryId(webhookId: string, eventKey: string): string
}

/** A delivery as it is before a try is written down. */
export type Unsaved = Pick<
  Delivery,
  | 'id'
  | 'accountId'
  | 'webhookId'
  | 'eventKey'
  | 'event'
  | 'conversationId'
  | 'messageId'
  | 'contactId'
  | 'body'
  | 'occurredAt'
  | 'failures'
>

/** What is gone, and all that was told of it with it. */
export interface Gone {
  conversationIds: string[]
  contactIds: string[]
}

/** A webhook with how far it has come. */
export interface OpenWebhook extends KeyedWebhook {
  place: Place
}

/** What became of a try, as it is written down. `failures` counts this one too. */
export interface Outcome extends Unsaved {
  attempt: DeliveryAttempt
  status: DeliveryStatus
  /** When it is tried next; null unless `pending`. */
  dueAt: Date | null
}

/** How far a webhook has come, and how its endpoint is, after a try. */
export interface Progress {
  accountId: string
  webhookId: string
  /** Everything up to here was tried; null where that did not move. */
  place: Place | null
  /** Undefined where no try tells of it. */
  standing?: { failingSince: Date | null; pause: WebhookPause | null }
}

/** What the teller asks of storage, across accounts. */
export interface WebhookLedger {
  /** Accounts with an active webhook. */
  accounts(): Promise<string[]>
  /** The active ones of an account. */
  open(accountId: string): Promise<OpenWebhook[]>
  /** Which of these are recorded already. */
  known(accountId: string, deliveryIds: string[]): Promise<Set<string>>
  /** What waits to be tried again, first due first, due or not. */
  pending(accountId: string, webhookId: string, limit: number): Promise<(Unsaved & { dueAt: Date })[]>
  /** When each webhook has something to be tried again; nothing for those that have not. */
  nextDue(accountId: string): Promise<Map<string, Date>>
  /** Nothing is kept of what was told of these. */
  forget(accountId: string, gone: Gone): Promise<void>
}

/** Writes in a batch, many accounts' tries at once. */
export interface WebhookBook {
  readonly now: Date
  /** What came of tries, how far webhooks have come and how their endpoints are. A webhook that is paused by it is told of in the log. */
  record(outcomes: Outcome[], progress: Progress[]): Promise<void>
}

/** Which process tells an account's webhooks: one at a time, and another one as soon as that is gone. */
export interface WebhookClaims {
  /** False while another process has it. */
  claim(accountId: string): Promise<boolean>
  release(accountId: string): Promise<void>
  /** Told when all claims are lost at once, with the connection that held them. */
  onLost(lose: () => void): void
  close(): Promise<void>
}
