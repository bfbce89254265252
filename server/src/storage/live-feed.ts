import type { LiveFeed } from '../application/ports/live-feed.ts'
import { createWatches } from '../platform/watches.ts'
import { createWakeLine, type WakeLineParts } from './wake-line.ts'

export interface OwnedLiveFeed extends LiveFeed {
  /** After a commit: these accounts have new events. */
  announce(accountIds: Iterable<string>): void
  /** Ends all waiting at once; nobody waits from then on. */
  endWaiting(): void
  close(): Promise<void>
}

/** Wakes those who wait in this process directly, and those of others over the line. Nothing is connected before it is needed. */
export function createLiveFeed(parts: Omit<WakeLineParts, 'onWake'>): OwnedLiveFeed {
  const watches = createWatches()
  const line = createWakeLine({ ...parts, onWake: (accountIds) => watches.wake(accountIds) })
  return {
    watch: (accountId, patience) => {
      if (patience.waitMs > 0) line.open()
      return watches.open(accountId, patience)
    },
    announce: (accountIds) => {
      watches.wake(accountIds)
      line.send(accountIds)
    },
    endWaiting: () => watches.close(),
    close: () => line.close(),
  }
}
