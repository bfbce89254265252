import type { WebhookSpeech } from '../../application/ports/webhook-dialect.ts'
import type { Answered, KeyedWebhook, Letter } from '../../application/ports/webhooks.ts'
import type { Webhook, WebhookDialect } from '../../domain/webhook.ts'

/** What came back from an endpoint: the beginning of its body. */
export interface Answer {
  status: number
  headers: Record<string, string>
  body: string
}

/** The way out; rejects with a sentence for people when there is no answer in time. */
export type Post = (
  url: string,
  letter: { headers: Record<string, string>; body: string; timeoutMs: number },
) => Promise<Answer>

export interface SenderParts {
  speeches: Record<WebhookDialect, WebhookSpeech>
  post: Post
  clock(): Date
}

/** Heads of answers that are kept. */
const KEPT_BODY = 2000
const KEPT_HEADERS = 30
const KEPT_VALUE = 500

/** Makes the one way to try a letter: signed for this moment, with a failure as a value. */
export function createSender({ speeches, post, clock }: SenderParts) {
  return async ({ webhook, secrets }: KeyedWebhook, letter: Letter): Promise<Answered> => {
    const at = clock()
    const speech = speeches[webhook.dialect]
    const proof = speech.sign({
      ...{ signature: webhook.signature, secrets, timestamp: Math.floor(at.getTime() / 1000) },
      ...{ deliveryId: letter.id, eventKey: letter.eventKey, event: letter.event, body: letter.body },
    })
    const own = { 'content-type': 'application/json', 'user-agent': 'Parley', ...proof }
    const began = performance.now()
    const kept = { at: at.toISOString(), request: { headers: { ...hidden(webhook), ...own } } }
    const latency = () => Math.round(performance.now() - began)
    try {
      const answer = await post(webhook.url, {
        headers: { ...webhook.headers, ...own },
        body: letter.body,
        timeoutMs: webhook.timeoutMs ?? speech.timeoutMs,
      })
      const error = speech.hasSucceeded(answer.status) ? null : `The endpoint answered ${answer.status}`
      const retryAfterMs = error === null ? null : readRetryAfter(answer.headers['retry-after'], at)
      return {
        ...kept,
        latencyMs: latency(),
        status: answer.status,
        error,
        response: headOf(answer),
        retryAfterMs,
      }
    } catch (failure) {
      const error = failure instanceof Error ? failure.message : 'The endpoint was not reached'
      return { ...kept, latencyMs: latency(), status: null, error, response: null, retryAfterMs: null }
    }
  }
}

/** A subscriber's own headers may hold credentials: that they were sent is kept, not what. */
function hidden({ headers }: Webhook): Record<string, string> {
  return Object.fromEntries(Object.keys(headers).map((name) => [name.toLowerCase(), '(hidden)']))
}

/** What a database can keep. */
const storable = (text: string, length: number) => text.replaceAll('\0', '').slice(0, length).toWellFormed()

function headOf({ headers, body }: Answer): NonNullable<Answered['response']> {
  const entries = Object.entries(headers).slice(0, KEPT_HEADERS)
  return {
    headers: Object.fromEntries(entries.map(([name, value]) => [name, storable(value, KEPT_VALUE)])),
    body: storable(body, KEPT_BODY),
  }
}

/** Seconds, or a date, as HTTP has it; null for anything else. */
export function readRetryAfter(text: string | undefined, now: Date): number | null {
  if (text === undefined) return null
  if (/^\d{1,9}$/.test(text.trim())) return Number(text) * 1000
  const at = /^[A-Z][a-z]{2}, /.test(text) ? Date.parse(text) : Number.NaN
  return Number.isNaN(at) ? null : Math.max(0, at - now.getTime())
}
