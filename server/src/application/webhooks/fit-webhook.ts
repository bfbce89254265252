import { refuse } from '../../domain/errors.ts'
import {
  EVERY_EVENT,
  mustBeFitHeaders,
  type WebhookDialect,
  type WebhookSignature,
} from '../../domain/webhook.ts'
import type { Tools } from '../ports/house.ts'

/** What can be said of a webhook, at birth and later. */
export interface WebhookWish {
  url?: string
  description?: string | null
  /** In the words of its dialect. */
  events?: string[]
  headers?: Record<string, string>
  signature?: WebhookSignature
  timeoutMs?: number | null
  maxAttempts?: number | null
  isActive?: boolean
}

/** Refuses `invalid` for what would never be told: an address nothing is sent to, words its dialect does not have, headers that are none. */
export async function mustBeFit(tools: Tools, dialect: WebhookDialect, wish: WebhookWish): Promise<void> {
  const speech = tools.webhooks.speeches[dialect]
  if (wish.events) mustBeEvents(wish.events, speech.events)
  if (wish.headers) mustBeFitHeaders(wish.headers)
  const { signature, maxAttempts } = wish
  if (signature && !speech.signatures.includes(signature)) {
    const reason = `signature must be one of ${speech.signatures.join(', ')} for ${dialect}.`
    refuse('invalid', { field: 'signature', reason })
  }
  const most = speech.pauses.length + 1
  if (maxAttempts && maxAttempts > most)
    refuse('invalid', { field: 'maxAttempts', reason: `maxAttempts is at most ${most} for ${dialect}.` })
  if (wish.url !== undefined) await mustBeSendable(tools, wish.url)
}

function mustBeEvents(events: string[], known: readonly string[]): void {
  if (events.length === 0) refuse('invalid', { field: 'events', reason: 'events must name one at least.' })
  const unknown = events.filter((event) => event !== EVERY_EVENT && !known.includes(event))
  if (unknown.length > 0)
    refuse('invalid', { field: 'events', reason: `events: there is no ${unknown.join(', ')}.` })
}

/** Refuses `invalid` for an address that nothing would be sent to. */
export async function mustBeSendable({ addresses }: Tools, url: string): Promise<void> {
  const why = await addresses.whyNot(url, { isHttpsOnly: true })
  if (why !== null) refuse('invalid', { field: 'url', reason: `url: ${why}.` })
}
