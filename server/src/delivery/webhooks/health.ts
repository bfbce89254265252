import { judgeTry, type Verdict } from '../../application/webhooks/next-try.ts'
import type { WebhookSpeech } from '../../application/ports/webhook-dialect.ts'
import type { Answered, Progress, Unsaved } from '../../application/ports/webhooks.ts'
import type { Webhook } from '../../domain/webhook.ts'

/** Tries that are out at once. */
const MOST_OUT = 16
/** Failures in a row after which one at a time is enough to see whether somebody answers. */
const FAILURES_IN_A_ROW = 8

export interface HealthParts {
  open: { webhook: Webhook }
  speech: WebhookSpeech
  clock(): Date
  chance(): number
  scale: number
}

/** How an endpoint has been, and what that means. */
export interface Health {
  judge(webhook: Webhook, letter: Unsaved, answered: Answered): Verdict
  standing(): NonNullable<Progress['standing']>
  /** How many tries may be out at once. */
  mostOut(): number
  /** It is told nothing more until somebody has looked after it. */
  isPaused(): boolean
  /** The webhook may have been changed: then its record begins anew. */
  look(webhook: Webhook): void
}

export function createHealth({ open, speech, clock, chance, scale }: HealthParts): Health {
  let { failingSince, pause, updatedAt } = open.webhook
  let failuresInARow = 0
  return {
    judge: (webhook, { failures }, answered) => {
      const verdict = judgeTry({
        ...{ attempt: answered, failures, speech, now: clock(), scale, chance: chance() },
        webhook: { maxAttempts: webhook.maxAttempts, failingSince, pause },
      })
      failuresInARow = answered.error === null ? 0 : failuresInARow + 1
      failingSince = verdict.failingSince
      pause = verdict.pause
      return verdict
    },
    standing: () => ({ failingSince, pause }),
    mostOut: () => (failuresInARow < FAILURES_IN_A_ROW ? MOST_OUT : 1),
    isPaused: () => pause !== null,
    look: (webhook) => {
      if (webhook.updatedAt.getTime() === updatedAt.getTime()) return
      failuresInARow = 0
      ;({ failingSince, pause, updatedAt } = webhook)
    },
  }
}
