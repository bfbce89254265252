import type { DeliveryStatus, Webhook } from '../../domain/webhook.ts'
import type { WebhookSpeech } from '../ports/webhook-dialect.ts'
import type { Answered } from '../ports/webhooks.ts'

/** An endpoint that does nothing but fail for so long is told nothing more. */
export const PATIENCE_MS = 5 * 86_400_000
/** An endpoint may ask to be left alone, and no longer than this. */
const MOST_RETRY_AFTER_MS = 86_400_000
const GONE = 410

/** What follows from a try. */
export interface Verdict {
  status: DeliveryStatus
  dueAt: Date | null
  failures: number
  failingSince: Date | null
  pause: Webhook['pause']
}

export interface Judged {
  attempt: Answered
  /** Failed tries before this one. */
  failures: number
  speech: Pick<WebhookSpeech, 'pauses' | 'jitter' | 'isPausedByFailure'>
  webhook: Pick<Webhook, 'maxAttempts' | 'failingSince' | 'pause'>
  now: Date
  /** Multiplies every pause of ours; what an endpoint asks for stays. */
  scale: number
  /** From 0 to 1. */
  chance: number
}

/** Decides what a try means: for the delivery, and for the endpoint. */
export function judgeTry(judged: Judged): Verdict {
  const { attempt, speech, webhook, now } = judged
  if (attempt.error === null)
    return { status: 'succeeded', dueAt: null, failures: judged.failures, failingSince: null, pause: null }
  const failures = judged.failures + 1
  const failingSince = webhook.failingSince ?? now
  const isGone = attempt.status === GONE
  const isLost = speech.isPausedByFailure && now.getTime() - failingSince.getTime() >= PATIENCE_MS
  const pause = isGone ? 'gone' : isLost ? 'failing' : webhook.pause
  const dueAt = isGone ? null : nextTry(judged)
  return { status: dueAt ? 'pending' : 'failed', dueAt, failures, failingSince, pause }
}

/** Null after the last one. */
function nextTry({ attempt, failures, speech, webhook, now, scale, chance }: Judged): Date | null {
  const pause = speech.pauses[failures]
  if (pause === undefined || (webhook.maxAttempts !== null && failures + 1 >= webhook.maxAttempts))
    return null
  const spread = 1 + speech.jitter * (2 * chance - 1)
  const asked = Math.min(attempt.retryAfterMs ?? 0, MOST_RETRY_AFTER_MS)
  return new Date(now.getTime() + Math.max(pause * 1000 * spread * scale, asked))
}
