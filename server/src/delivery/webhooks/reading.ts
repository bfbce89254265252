import type { Telling } from '../../application/ports/webhook-dialect.ts'
import type { Gone, Unsaved } from '../../application/ports/webhooks.ts'
import type { TellingsRead } from '../../application/webhooks/read-tellings.ts'
import type { Place } from '../../domain/event-log.ts'

/** Events read beyond the oldest one that is still tried: so many may have been told already when a log is opened again. */
export const MOST_AHEAD = 5000
/** Pauses between looks while an older transaction holds something back: each twice the one before. */
const FIRST_HELD_BACK_MS = 10
const LONGEST_HELD_BACK_MS = 500
const FAILED_MS = 1000

export interface ReadingParts {
  from: Place
  /** What comes after a place. `isAgain`: as it was before the last wake, so that it is worth looking once more. */
  read(after: Place): Promise<TellingsRead & { isAgain: boolean }>
  write(telling: Telling): Unsaved[]
  /** Which of these were told before. */
  known(deliveryIds: string[]): Promise<Set<string>>
  /** Whether there is room for more. */
  hasRoom(): boolean
  /** One event with what is to be told of it, in the log's order. */
  onEvent(place: Place, letters: Unsaved[]): void
  onGone(gone: Gone): Promise<void>
  /** It has looked. */
  onLooked(): void
  onBug(error: unknown): void
}

/** Reads the event log for one webhook, as far as there is room. */
export interface Reading {
  /** There may be something new. */
  wake(): void
  /** There may be room again. */
  goOn(): void
  /** Everything there is was read. */
  isIdle(): boolean
  stop(): void
}

export function createReading(parts: ReadingParts): Reading {
  let place = parts.from
  let isNews = true
  let isHeldBack = false
  let isLooking = false
  let isOver = false
  // A page more than is ever ahead.
  let toCheck = MOST_AHEAD + 1000
  let heldBackMs = FIRST_HELD_BACK_MS
  let timer: NodeJS.Timeout | null = null

  function lookLater(ms: number): void {
    timer ??= setTimeout(() => {
      timer = null
      isNews = true
      goOn()
    }, ms).unref()
  }

  async function lookOnce(): Promise<void> {
    isNews = false
    const found = await parts.read(place)
    const written = found.tellings.map(writeOrReport)
    const before = await toldBefore(found.tellings.length, written.flat())
    if (isOver) return
    for (const [at, { recorded }] of found.tellings.entries()) {
      const { transactionId, id } = recorded
      const letters = written[at]?.filter((letter) => !before.has(letter.id)) ?? []
      parts.onEvent({ transactionId, id }, letters)
    }
    place = found.place
    isHeldBack = found.isHeldBack
    if (found.hasMore || found.isAgain) isNews = true
    if (!isHeldBack) heldBackMs = FIRST_HELD_BACK_MS
    else lookLater((heldBackMs = Math.min(heldBackMs * 2, LONGEST_HELD_BACK_MS)))
    const gone = goneIn(found)
    if (gone.contactIds.length > 0) await parts.onGone(gone)
  }

  /** An event that cannot be told is passed over: it would stop all that come after it. */
  function writeOrReport(telling: Telling): Unsaved[] {
    try {
      return parts.write(telling)
    } catch (error) {
      parts.onBug(error)
      return []
    }
  }

  async function toldBefore(events: number, letters: Unsaved[]): Promise<Set<string>> {
    const mayBe = toCheck > 0
    toCheck -= events
    return mayBe && letters.length > 0 ? parts.known(letters.map(({ id }) => id)) : new Set()
  }

  const mayLook = () => isNews && !isOver && parts.hasRoom()

  async function lookOn(): Promise<void> {
    isLooking = true
    try {
      while (mayLook()) await lookOnce()
    } catch (error) {
      parts.onBug(error)
      isNews = true
      lookLater(FAILED_MS)
    }
    isLooking = false
    parts.onLooked()
  }

  function goOn(): void {
    // After a failure it waits for its time.
    const isResting = timer !== null && !isHeldBack
    if (!isLooking && !isResting && mayLook()) void lookOn()
  }

  return {
    wake: () => {
      isNews = true
      goOn()
    },
    goOn,
    isIdle: () => isOver || (!isNews && !isLooking && !isHeldBack),
    stop: () => {
      isOver = true
      if (timer) clearTimeout(timer)
    },
  }
}

/** Whom the log says farewell to. */
function goneIn({ tellings }: TellingsRead): Gone {
  const farewells = tellings.flatMap(({ recorded: { event } }) =>
    event.type === 'contact.deleted' ? event : [],
  )
  return {
    conversationIds: farewells.flatMap(({ conversationIds }) => conversationIds),
    contactIds: farewells.map(({ contactId }) => contactId),
  }
}
