import type { TellingsRead } from '../../application/webhooks/read-tellings.ts'
import type { WebhookSpeech } from '../../application/ports/webhook-dialect.ts'
import type { Gone, KeyedWebhook, OpenWebhook, Unsaved } from '../../application/ports/webhooks.ts'
import type { Place } from '../../domain/event-log.ts'
import { createHealth } from './health.ts'
import { createLanes } from './lanes.ts'
import { lettersOf } from './letters.ts'
import { createReading, MOST_AHEAD } from './reading.ts'
import type { Recorder } from './recorder.ts'
import { createRetries } from './retries.ts'
import { createTimer } from './timer.ts'
import { createTrail } from './trail.ts'
import { createTries, type Slip, type TriesParts } from './tries.ts'

/** Letters that wait in memory; the event log holds the rest. */
const MOST_WAITING = 500
/** How far it is, when there is nothing to tell, is noted so much later. */
const NOTE_MS = 1000

export interface EndpointParts extends Pick<TriesParts, 'attempt' | 'onTried' | 'pace'> {
  open: OpenWebhook
  speech: WebhookSpeech
  /** What comes after a place. `isAgain`: as it was before the last wake, so that it is worth looking once more. */
  read(after: Place): Promise<TellingsRead & { isAgain: boolean }>
  known(deliveryIds: string[]): Promise<Set<string>>
  pending(limit: number): Promise<(Unsaved & { dueAt: Date })[]>
  /** Nothing is kept of what was told of these. */
  forget(gone: Gone): Promise<void>
  deliveryId(webhookId: string, eventKey: string): string
  recorder: Recorder
  clock(): Date
  /** From 0 to 1. */
  chance(): number
  /** Multiplies every pause. */
  scale: number
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
  let isClosed = false
  let noted = parts.open.place
  /** Whatever happens here ends in pumping. */
  const pumped = createBell()

  const source = {
    progress: () => {
      noted = trail.place()
      return { accountId, webhookId, place: noted, standing: health.standing() }
    },
  }
  const timer = createTimer(pump)
  const notes = createTimer(() => void recorder.record(source, null))
  const retries = createRetries({ ...parts, onChange: pump })
  const tries = createTries({
    ...{ ...parts, lanes, trail, gone, health, retries, source, onChange: pump },
    keyed: () => keyed,
  })
  const reading = createReading({
    ...{ from: parts.open.place, read: parts.read, known: parts.known, onBug: parts.onBug, onLooked: pump },
    write: (telling) => lettersOf(telling, { ...parts, webhook: keyed.webhook }),
    hasRoom: () => !isStopped() && lanes.size() < MOST_WAITING && trail.length() < MOST_AHEAD,
    onEvent: (place, letters) => {
      const step = trail.add(place, letters.length)
      letters.forEach((letter) => lanes.add(laneOf(letter), { letter, step }))
    },
    onGone: async (those) => {
      for (const id of [...those.conversationIds, ...those.contactIds]) gone.add(id)
      await recorder.flushed()
      await parts.forget(those)
    },
  })

  const isStopped = () => isClosed || health.isPaused()
  const isBehind = () => trail.place() !== noted && tries.areBack() && lanes.size() === 0

  function pump(): void {
    if (!isStopped()) {
      tries.take()
      reading.goOn()
      // What is due already waits for a try to come back.
      timer.at(retries.next(), parts.clock())
      if (isBehind()) notes.in(NOTE_MS)
    }
    pumped.ring()
  }

  const hasNothing = () => reading.isIdle() && lanes.size() === 0 && retries.isIdle()
  const isIdle = () => tries.areBack() && (isStopped() || hasNothing())
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
        while (!isIdle()) await pumped.next()
        await recorder.flushed()
      } while (!isIdle())
    },
    close: async () => {
      isClosed = true
      reading.stop()
      timer.stop()
      notes.stop()
      while (!tries.areBack()) await pumped.next()
      if (trail.place() !== noted) await recorder.record(source, null)
      await recorder.flushed()
    },
  }
}

/** Tells those who wait that something has changed. */
function createBell() {
  const waiting: (() => void)[] = []
  return {
    ring: () => {
      for (const resume of waiting.splice(0)) resume()
    },
    next: () => new Promise<void>((resolve) => void waiting.push(resolve)),
  }
}
