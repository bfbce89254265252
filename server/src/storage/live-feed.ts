import type { LiveFeed } from '../application/ports/live-feed.ts'
import type { Signals } from '../application/ports/signals.ts'
import { createWatches } from '../platform/watches.ts'
import { createFollowers } from './followers.ts'
import { createSignals } from './signals.ts'
import { createWakeLine, type WakeLineParts } from './wake-line.ts'

export interface OwnedLiveFeed extends LiveFeed {
  /** They go over the same connection. */
  signals: Signals
  /** After a commit: these accounts have new events. */
  announce(accountIds: Iterable<string>): void
  /** Ends all waiting at once; nobody waits from then on. */
  endWaiting(): void
  close(): Promise<void>
}

/** Wakes those who wait in this process directly, and those of others over the line. Nothing is connected before it is needed. */
export function createLiveFeed(parts: Omit<WakeLineParts, 'onWake' | 'onTold'>): OwnedLiveFeed {
  const watches = createWatches()
  const followers = createFollowers()
  const wake = (accountIds: Iterable<string> | null) => {
    watches.wake(accountIds)
    followers.wake(accountIds)
  }
  const line = createWakeLine({ ...parts, onWake: wake, onTold: (text) => signals.hear(text) })
  const signals = createSignals(line)
  return {
    signals,
    watch: (accountId, patience) => {
      if (patience.waitMs > 0) line.open()
      return watches.open(accountId, patience)
    },
    follow: (accountId, onNews) => {
      line.open()
      return followers.add(accountId, onNews)
    },
    followAll: (onNews) => {
      line.open()
      return followers.addToAll(onNews)
    },
    announce: (accountIds) => {
      wake(accountIds)
      line.send(accountIds)
    },
    endWaiting: () => {
      watches.close()
      followers.close()
    },
    close: async () => {
      signals.close()
      await line.close()
    },
  }
}
