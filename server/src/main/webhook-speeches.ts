import type { WebhookSpeech } from '../application/ports/webhook-dialect.ts'
import type { WebhookDialect } from '../domain/webhook.ts'

const NOT_YET: WebhookSpeech = {
  events: [],
  render: () => [],
  test: () => ({ event: 'test', body: {} }),
  sign: ({ eventKey, timestamp }) => ({ 'webhook-id': eventKey, 'webhook-timestamp': String(timestamp) }),
  signatures: ['none'],
  isSilenced: false,
  hasSucceeded: (status) => status === 200,
  pauses: [],
  jitter: 0,
  timeoutMs: 20_000,
  isPausedByFailure: false,
}

/** How each dialect tells what happens. */
export const SPEECHES: Record<WebhookDialect, WebhookSpeech> = {
  native: NOT_YET,
  blinger: NOT_YET,
  pact: NOT_YET,
  linktor: NOT_YET,
}
