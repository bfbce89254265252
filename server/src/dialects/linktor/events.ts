import type { Payload, WebhookSpeech } from '../../application/ports/webhook-dialect.ts'
import { writeId } from './ids.ts'
import { render } from './render-event.ts'
import { sign } from './signature.ts'
import { testData } from './test-data.ts'
import { writeTime } from './time.ts'
import { WEBHOOK_EVENTS } from './webhook-events.ts'

/** What is said of a payload besides its data. The order of keys stays: receivers sign what they have parsed. */
interface Envelope {
  id: string
  at: Date
  accountId: string
  webhookId: string
}

function enclose({ event, body }: Payload, { id, at, accountId, webhookId }: Envelope): object {
  return {
    ...{ id, event, timestamp: writeTime(at), data: body },
    meta: {
      organizationId: writeId('organization', accountId),
      webhookId: writeId('webhook', webhookId),
    },
  }
}

const PAUSES = [60, 300, 1800, 7200]
/** What is done where a webhook does not say otherwise, and said of it. */
export const MOST_TRIES = PAUSES.length + 1
export const TIMEOUT_MS = 30_000

export const linktorSpeech: WebhookSpeech = {
  events: WEBHOOK_EVENTS,
  render,
  address: (payload, { webhookId, eventKey: id }, { recorded, account }) =>
    enclose(payload, { id, at: recorded.occurredAt, accountId: account.id, webhookId }),
  test: ({ id: webhookId }, { eventKey: id, event = 'test.ping', at, account }) => {
    const payload = { event, body: testData(event, webhookId, at) }
    return { event, body: enclose(payload, { id, at, accountId: account.id, webhookId }) }
  },
  sign,
  signatures: ['timestamped', 'body'],
  isSilenced: false,
  hasSucceeded: (status) => status >= 200 && status < 300,
  pauses: PAUSES,
  jitter: 0.1,
  timeoutMs: TIMEOUT_MS,
  isPausedByFailure: false,
}
