import type { Verdict } from '../../application/webhooks/next-try.ts'
import type { TellingsRead } from '../../application/webhooks/read-tellings.ts'
import type { WebhookSpeech } from '../../application/ports/webhook-dialect.ts'
import type {
  Answered,
  KeyedWebhook,
  Letter,
  OpenWebhook,
  Unsaved,
} from '../../application/ports/webhooks.ts'
import type { Place } from '../../domain/event-log.ts'
import type { Webhook } from '../../domain/webhook.ts'
import { createHealth } from './health.ts'
import { createLanes } from './lanes.ts'
import { lettersOf } from './letters.ts'
import type { Recorder } from './recorder.ts'
import { createReading, MOST_AHEAD } from './reading.ts'
import { createRetries } from './retries.ts'
import { createTimer } from './timer.ts'
import { createTrail, type Step } from './trail.ts'

/** Letters that wait in memory; the event log holds the rest. */
const MOST_WAITING = 500
/** How far it is, when there is nothing to tell, is noted so much later. */
const NOTE_MS = 1000

/** A try that was made, and what follows from it. */
export interface Tried {
  webhook: Webhook
  letter: Unsaved
  answered: Answered
  verdict: Verdict
  isFirst: boolean
}

export interface EndpointParts {
  open: OpenWebhook
  speech: WebhookSpeech
  /** What comes after a place; a reading of a moment ago may be given once more. */
  read(after: Place): Promise<TellingsRead & { isAgain: boolean }>
  known(deliveryIds: string[]): Promise<Set<string>>
  pending(limit: number): Promise<(Unsaved & { dueAt: Date })[]>
  /** Nothing is kept of what was told of these conversations. */
  forget(conversationIds: string[]): Promise<void>
  attempt(keyed: KeyedWebhook, letter: Letter): Promise<Answered>
  deliveryId(webhookId: string, eventKey: string): string
  recorder: Recorder
  clock(): Date
  /** From 0 to 1. */
  chance(): number
  /** Multiplies every pause. */
  scale: number
  /** Hears of every try. */
  onTried(tried: Tried): void
  onBug(error: unknown): void
}

/** One webhook that is told what happens. */
export interface Endpoint {
  /** There may be something new. */
  wake(): void
  update(keyed: KeyedWebhook, dueAt: Date | null): void
  /** Resolves when nothing is left that could be told now. */
  idle(): Promise<void>
  /** Begins nothing more; resolves when what is out is back and written down. */
  close(): Promise<void>
}

/** A letter on its first try, with the step of the log it is part of. */
interface Slip {
  letter: Unsaved
  step: Step
}

/** What tells of no conversation is told in one lane. */
const laneOf = ({ conversationId }: Unsaved) => conversationId ?? ''

export function createEndpoint(parts: EndpointParts): Endpoint {
  const { recorder } = parts
  const { accountId, id: webhookId } = parts.open.webhook
  const lanes = createLanes<Slip>()
  const trail = createTrail(parts.open.place)
  const gone = new Set<string>()
  const health = createHealth(parts)
  let keyed: KeyedWebhook = parts.open
  let out = 0
  let repeats = 0
  let isClosed = false
  let noted = parts.open.place
  const waiters: (() => void)[] = []

  const source = {
    progress: () => {
      noted = trail.place()
      return { accountId, webhookId, place: noted, standing: health.standing() }
    },
  }
  const timer = createTimer(pump)
  const notes = createTimer(() => void recorder.record(source, null))
  const retries = createRetries({
    pending: parts.pending,
    clock: parts.clock,
    onChange: pump,
    onBug: parts.onBug,
  })
  const reading = createReading({
    ...{ from: parts.open.place, read: parts.read, known: parts.known, onBug: parts.onBug, onLooked: pump },
    write: (telling) =>
      lettersOf(telling, { webhook: keyed.webhook, speech: parts.speech, deliveryId: parts.deliveryId }),
    hasRoom: () => !isStopped() && lanes.size() < MOST_WAITING && trail.length() < MOST_AHEAD,
    onEvent: (place, letters) => {
      const step = trail.add(place, letters.length)
      for (const letter of letters) lanes.add(laneOf(letter), { letter, step })
    },
    onGone: async (conversationIds) => {
      for (const id of conversationIds) gone.add(id)
      await recorder.flushed()
      await parts.forget(conversationIds)
    },
  })

  const isStopped = () => isClosed || health.isPaused()

  function pump(): void {
    if (!isStopped()) {
      takeRepeats()
      takeFirst()
      reading.goOn()
      armTimer()
      if (isBehind()) notes.in(NOTE_MS)
    }
    for (const resume of waiters.splice(0)) resume()
  }

  /** What is due already waits for a try to come back. */
  function armTimer(): void {
    const [next, now] = [retries.next(), parts.clock()]
    timer.at(next && next > now ? next : null, now)
  }

  const isBehind = () => trail.place() !== noted && out === 0 && lanes.size() === 0

  function takeRepeats(): void {
    while (repeats < Math.max(1, health.mostOut() / 2)) {
      const letter = retries.take()
      if (!letter) return
      void repeat(letter)
    }
  }

  function takeFirst(): void {
    while (out < health.mostOut()) {
      const taken = lanes.take()
      if (!taken) return
      void tryFirst(taken)
    }
  }

  async function tryFirst({ lane, item: { letter, step } }: { lane: string; item: Slip }): Promise<void> {
    out += 1
    const answered = gone.has(lane) ? null : await parts.attempt(keyed, letter)
    out -= 1
    lanes.finish(lane)
    trail.tick(step)
    if (answered) void conclude(letter, answered, true)
    pump()
  }

  async function repeat(letter: Unsaved): Promise<void> {
    repeats += 1
    const answered = await parts.attempt(keyed, letter)
    repeats -= 1
    const concluded = conclude(letter, answered, false)
    pump()
    await concluded
    retries.finish(letter.id)
    pump()
  }

  async function conclude(letter: Unsaved, answered: Answered, isFirst: boolean): Promise<void> {
    const verdict = health.judge(keyed.webhook, letter, answered)
    parts.onTried({ webhook: keyed.webhook, letter, answered, verdict, isFirst })
    const { retryAfterMs: _asked, ...attempt } = answered
    const { status, dueAt, failures } = verdict
    await recorder.record(source, { ...letter, attempt, status, dueAt, failures })
    // Not before it can be found.
    if (dueAt) retries.dueAt(dueAt)
    pump()
  }

  const isIdle = () =>
    out + repeats === 0 && (isStopped() || (reading.isIdle() && lanes.size() === 0 && retries.isIdle()))
  /** Whatever happens here ends in pumping. */
  const change = () => new Promise<void>((resolve) => void waiters.push(resolve))

  return {
    wake: reading.wake,
    update: (next, dueAt) => {
      keyed = next
      health.look(next.webhook)
      if (dueAt) retries.dueAt(dueAt)
      pump()
    },
    idle: async () => {
      do {
        pump()
        while (!isIdle()) await change()
        await recorder.flushed()
      } while (!isIdle())
    },
    close: async () => {
      isClosed = true
      reading.stop()
      timer.stop()
      notes.stop()
      while (out + repeats > 0) await change()
      if (trail.place() !== noted) await recorder.record(source, null)
      await recorder.flushed()
    },
  }
}
