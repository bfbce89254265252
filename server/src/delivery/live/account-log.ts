import { findEndOfLog, lookAtLog, type LogLook, type News } from '../../application/live/look-at-log.ts'
import type { Tools } from '../../application/ports/house.ts'
import { systemActor, type Actor } from '../../domain/actor.ts'
import type { EventPosition, ResetReason } from '../../domain/event-log.ts'
import { EVERY_PERMISSION } from '../../domain/permissions.ts'

/** Events of one look: what is told of them is in memory at once. */
const MOST_AT_ONCE = 200
/** Pauses between looks while an older transaction holds something back: each twice the one before. */
const FIRST_HELD_BACK_MS = 10
const LONGEST_HELD_BACK_MS = 500
/** After a look that failed. */
const FAILED_MS = 500

export interface AccountLogParts {
  accountId: string
  tools: Pick<Tools, 'ask' | 'liveFeed'>
  /** Whether anybody is shown what the events are about. */
  isShown(): boolean
  /** To be done before anything of these events is told. */
  prepare(news: readonly News[]): Promise<void>
  tell(news: readonly News[]): Promise<void> | void
  /** The log is another one than before: told from this position on. */
  reset(reason: ResetReason, position: EventPosition): void
  onBug(error: unknown): void
}

/** Reads one account's log for all who follow it in this process, from when it is opened. Waiting holds no connection. */
export interface AccountLog extends Disposable {
  /** Up to where everything was told. */
  position(): EventPosition
  /** Resolves when there is a position. */
  opened: Promise<void>
  /** What comes after a position, for somebody who is further behind. */
  look(after: EventPosition): Promise<LogLook>
}

export function createAccountLog(parts: AccountLogParts): AccountLog {
  const { accountId, tools } = parts
  const actor: Actor = systemActor(accountId, EVERY_PERMISSION)
  let position: EventPosition | null = null
  let heldBackMs = FIRST_HELD_BACK_MS
  let isLooking = false
  let isWoken = false
  let isOver = false
  let timer: NodeJS.Timeout | null = null

  function lookLater(ms: number): void {
    if (!isOver) timer ??= setTimeout(wake, ms).unref()
  }

  function wake(): void {
    if (timer) clearTimeout(timer)
    timer = null
    isWoken = true
    if (!isLooking && position) void lookOn()
  }

  /** What is announced while it looks is looked at next. */
  async function lookOn(): Promise<void> {
    isLooking = true
    try {
      while (isWoken) {
        isWoken = false
        if (!isOver) await lookOnce()
      }
    } catch (error) {
      parts.onBug(error)
      lookLater(FAILED_MS)
    }
    isLooking = false
  }

  async function lookOnce(): Promise<void> {
    const isShown = parts.isShown()
    const found = await tools.ask(lookAtLog, actor, { after: current(), limit: MOST_AT_ONCE, isShown })
    if (found.kind === 'reset') {
      position = await tools.ask(findEndOfLog, actor, null)
      return parts.reset(found.reason, position)
    }
    // Somebody came meanwhile who is to be shown more: looked at again, as nothing was told yet.
    if (!isShown && parts.isShown()) isWoken = true
    else await tellAll(found)
  }

  async function tellAll(found: Extract<LogLook, { kind: 'news' }>): Promise<void> {
    const { news, hasMore, isHeldBack } = found
    if (news.length > 0) {
      await parts.prepare(news)
      position = found.position
      await parts.tell(news)
    }
    if (hasMore) isWoken = true
    if (!isHeldBack) heldBackMs = FIRST_HELD_BACK_MS
    else lookLater((heldBackMs = Math.min(heldBackMs * 2, LONGEST_HELD_BACK_MS)))
  }

  function current(): EventPosition {
    if (!position) throw new Error('The log was not opened yet.')
    return position
  }

  /** As long as it takes: whoever comes while the database does not answer waits with it. */
  async function open(): Promise<void> {
    while (!position) {
      position = await tools.ask(findEndOfLog, actor, null).catch(async (error: unknown) => {
        parts.onBug(error)
        if (isOver) throw error
        await new Promise<void>((resolve) => void setTimeout(resolve, FAILED_MS).unref())
        return null
      })
    }
    if (isWoken) wake()
  }

  const followed = tools.liveFeed.follow(accountId, wake)
  return {
    opened: open(),
    position: current,
    look: (after) => tools.ask(lookAtLog, actor, { after, limit: MOST_AT_ONCE, isShown: true }),
    [Symbol.dispose]: () => {
      isOver = true
      if (timer) clearTimeout(timer)
      followed[Symbol.dispose]()
    },
  }
}
