import { refuse } from './errors.ts'

/** The languages in which what happens is told; each has its own payloads, signature and patience. */
export const WEBHOOK_DIALECTS = ['native', 'blinger', 'pact', 'linktor'] as const
export type WebhookDialect = (typeof WEBHOOK_DIALECTS)[number]

export function isWebhookDialect(text: string): text is WebhookDialect {
  return (WEBHOOK_DIALECTS as readonly string[]).includes(text)
}

/** Stands for everything that a dialect can tell. */
export const EVERY_EVENT = '*'

/**
 * How a delivery proves who sent it. `standard`: the Standard Webhooks headers. `timestamped`: HMAC over `timestamp.body`; `body`: over the
 * body alone, as Linktor's own libraries check it.
 */
export const WEBHOOK_SIGNATURES = ['none', 'standard', 'timestamped', 'body'] as const
export type WebhookSignature = (typeof WEBHOOK_SIGNATURES)[number]

/** Why the server itself stopped telling: the endpoint said it is gone, or nothing but failures for days. */
export type WebhookPause = 'gone' | 'failing'

/** Somebody outside who is told what happens in an account. */
export interface Webhook {
  id: string
  number: number
  accountId: string
  dialect: WebhookDialect
  url: string
  description: string | null
  /** In the words of its dialect; `EVERY_EVENT` alone is all of them. */
  events: string[]
  /** Sent along with every delivery; they may hold credentials. */
  headers: Record<string, string>
  signature: WebhookSignature
  /** For one attempt as a whole; null is the dialect's own. */
  timeoutMs: number | null
  /** Attempts in all; null is the dialect's own. */
  maxAttempts: number | null
  /** The beginning of its secret, to tell it by. */
  secretHint: string
  isActive: boolean
  /** Null unless the server switched it off. */
  pause: WebhookPause | null
  /** Since when nothing but failures; null while it answers. */
  failingSince: Date | null
  createdAt: Date
  updatedAt: Date
}

/** Live secrets, newest first: one, or two for a while after a rotation. */
export type WebhookSecrets = readonly string[]

/** How long the secret before stays good after a rotation. */
export const ROTATION_MS = 24 * 3_600_000

/** An account has at most this many. */
export const MOST_WEBHOOKS = 100

export type DeliveryStatus = 'pending' | 'succeeded' | 'failed'

/** One try to tell something, as it is kept. Times are the server's; the bodies' heads are cut. */
export interface DeliveryAttempt {
  at: string
  latencyMs: number
  /** The HTTP status; null when there was no answer. */
  status: number | null
  /** Why it failed, for people; null when it did not. */
  error: string | null
  request: { headers: Record<string, string> }
  response: { headers: Record<string, string>; body: string } | null
}

/** Something told, or being told, to one webhook. Its id and body are the same on every try. */
export interface Delivery {
  id: string
  number: number
  accountId: string
  webhookId: string
  /** `evt_42`, and `evt_42_1` for what else the same event is told as. */
  eventKey: string
  /** In the words of the dialect. */
  event: string
  conversationId: string | null
  /** The oldest message that it has the words of. */
  messageId: string | null
  /** Of what tells of a contact alone and says what it is. */
  contactId: string | null
  body: string
  occurredAt: Date
  status: DeliveryStatus
  /** How many tries there were, replays too. */
  attemptCount: number
  /** Failed tries since it was last begun; where on its schedule it is. */
  failures: number
  /** The newest ones. */
  attempts: DeliveryAttempt[]
  /** When it is tried next; null unless it is pending. */
  dueAt: Date | null
  createdAt: Date
  updatedAt: Date
}

/** How a webhook has been doing. */
export interface WebhookStats {
  succeeded: number
  failed: number
  pending: number
  attempts: number
  /** Mean of all attempts, in milliseconds; null before the first. */
  averageLatencyMs: number | null
  /** How old the oldest event is that was not tried yet; 0 when there is none. */
  lagSeconds: number
  lastDelivery: Pick<Delivery, 'id' | 'event' | 'status' | 'updatedAt'> | null
}

/** Whether a subscription asks for an event of that name. */
export function asksFor(webhook: Pick<Webhook, 'events'>, event: string): boolean {
  return webhook.events.includes(EVERY_EVENT) || webhook.events.includes(event)
}

const HEADER_NAME = /^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$/
const HEADER_VALUE = /^[\t\u0020-\u007e\u0080-\u00ff]*$/
const LONGEST_VALUE = 4000
const MOST_HEADERS = 20
/** What a request is framed with, and what proves who sent it, is not a subscriber's to say. */
const OWN_HEADERS = new Set([
  ...['host', 'connection', 'transfer-encoding', 'expect', 'upgrade', 'te', 'trailer', 'keep-alive'],
  ...['accept-encoding', 'user-agent'],
])
const OWN_BEGINNINGS = ['content-', 'webhook-', 'x-linktor-', 'x-parley-']

function isOwn(header: string): boolean {
  const name = header.toLowerCase()
  return OWN_HEADERS.has(name) || OWN_BEGINNINGS.some((beginning) => name.startsWith(beginning))
}

/** Refuses `invalid` for headers that may not go along with a delivery. */
export function mustBeFitHeaders(headers: Readonly<Record<string, string>>): void {
  const entries = Object.entries(headers)
  const fault = (reason: string) => refuse('invalid', { field: 'headers', reason: `headers: ${reason}` })
  if (entries.length > MOST_HEADERS) fault(`at most ${MOST_HEADERS}.`)
  if (new Set(entries.map(([name]) => name.toLowerCase())).size < entries.length)
    fault('a name is there twice.')
  for (const [name, value] of entries) {
    if (!HEADER_NAME.test(name)) fault('a name that is no header’s.')
    if (isOwn(name)) fault(`${name} is not yours to set.`)
    if (value.length > LONGEST_VALUE || !HEADER_VALUE.test(value))
      fault(`${name} has a value that is no header’s.`)
  }
}

/** `whsec_` and 24 to 64 bytes in base64, as the Standard Webhooks specification has it. */
const SECRET = /^whsec_([A-Za-z0-9+/]{32,86}={0,2})$/

/** Not one that could be guessed, or that no library would read. */
export function isFitSecret(secret: string): boolean {
  return SECRET.test(secret) && (secret.length - 'whsec_'.length) % 4 === 0
}

/** Refuses `invalid` for a secret of the caller's own that is not fit. */
export function mustBeFitSecret(secret: string): void {
  if (!isFitSecret(secret))
    refuse('invalid', { field: 'secret', reason: 'secret must be whsec_ and 24 to 64 bytes in base64.' })
}

/** A new secret of 32 bytes. */
export function newSecret(ids: { bytes(count: number): Uint8Array }): string {
  return `whsec_${btoa(String.fromCharCode(...ids.bytes(32)))}`
}

const HINT_LENGTH = 10

/** Enough of a secret to tell it by, and far from enough to use it. */
export function hintOf(secret: string): string {
  return `${secret.slice(0, HINT_LENGTH)}…`
}
