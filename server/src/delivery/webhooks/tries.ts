import type { Verdict } from '../../application/webhooks/next-try.ts'
import type { Answered, KeyedWebhook, Letter, Unsaved } from '../../application/ports/webhooks.ts'
import type { Webhook } from '../../domain/webhook.ts'
import type { Health } from './health.ts'
import type { Lanes } from './lanes.ts'
import type { Pace } from './pace.ts'
import type { Recorder, Source } from './recorder.ts'
import type { Retries } from './retries.ts'
import type { Step, Trail } from './trail.ts'

/** A letter on its first try, with the step of the log it is part of. */
export interface Slip {
  letter: Unsaved
  step: Step
}

/** A try that was made, and what follows from it. */
export interface Tried {
  webhook: Webhook
  letter: Unsaved
  answered: Answered
  verdict: Verdict
  isFirst: boolean
}

export interface TriesParts {
  lanes: Lanes<Slip>
  trail: Trail
  /** Conversations and contacts of which nothing more is told. */
  gone: ReadonlySet<string>
  health: Health
  retries: Retries
  recorder: Recorder
  source: Source
  pace: Pace
  keyed(): KeyedWebhook
  attempt(keyed: KeyedWebhook, letter: Letter): Promise<Answered>
  /** Hears of every try. */
  onTried(tried: Tried): void
  onChange(): void
}

/** The tries of one webhook that are out. */
export interface Tries {
  /** Sends what may be sent now: repeats that are due, and of each lane the next one. */
  take(): void
  /** Whether none is out. */
  areBack(): boolean
}

/** A failed first try holds nothing back: it is repeated beside what comes after it, by half as many tries as first ones. */
export function createTries(parts: TriesParts): Tries {
  const { lanes, trail, health, retries, recorder, onChange } = parts
  let firsts = 0
  let repeats = 0

  const isOfGone = ({ conversationId, contactId }: Unsaved) =>
    [conversationId, contactId].some((id) => id !== null && parts.gone.has(id))

  async function tryFirst({ lane, item: { letter, step } }: { lane: string; item: Slip }): Promise<void> {
    firsts += 1
    const answered = isOfGone(letter) ? null : await parts.attempt(parts.keyed(), letter)
    firsts -= 1
    lanes.finish(lane)
    // Before it is written down, so that it is written down with how far the webhook has come.
    trail.tick(step)
    if (answered) void conclude(letter, answered, true)
    onChange()
  }

  async function repeat(letter: Unsaved): Promise<void> {
    repeats += 1
    const answered = isOfGone(letter) ? null : await parts.attempt(parts.keyed(), letter)
    repeats -= 1
    const concluded = answered && conclude(letter, answered, false)
    onChange()
    await concluded
    retries.finish(letter.id)
    onChange()
  }

  async function conclude(letter: Unsaved, answered: Answered, isFirst: boolean): Promise<void> {
    const { webhook } = parts.keyed()
    const verdict = health.judge(webhook, letter, answered)
    parts.onTried({ webhook, letter, answered, verdict, isFirst })
    const { retryAfterMs: _asked, ...attempt } = answered
    const { status, dueAt, failures } = verdict
    await recorder.record(parts.source, { ...letter, attempt, status, dueAt, failures })
    // Not before it can be found.
    if (dueAt) retries.dueAt(dueAt)
    onChange()
  }

  const mayBegin = () => parts.pace.mayBegin(onChange)

  return {
    take: () => {
      while (repeats < Math.max(1, health.mostOut() / 2)) {
        if (retries.hasDue() && !mayBegin()) break
        const letter = retries.take()
        if (!letter) break
        void repeat(letter)
      }
      while (firsts < health.mostOut() && lanes.size() > 0 && mayBegin()) {
        const taken = lanes.take()
        if (!taken) break
        void tryFirst(taken)
      }
    },
    areBack: () => firsts + repeats === 0,
  }
}
