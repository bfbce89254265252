/** How long somebody waits, and what ends it before that. */
export interface Patience {
  waitMs: number
  signal: AbortSignal
}

/** Somebody who waits for news of one account. To be disposed of when the waiting is over. */
export interface Watch extends Disposable {
  /**
   * True when it is time to look again, false when there is no more waiting. `isHeldBack`: the look before found events that an older
   * transaction holds back; nobody announces their release, so the next look comes soon.
   */
  next(isHeldBack: boolean): Promise<boolean>
}

/**
 * Says "look again", after commits of this process and of others, and carries no facts: the event log is the truth, and a slow timer
 * makes up for what a wake-up lost.
 */
export interface LiveFeed {
  /** Begun before the first look, so that no commit falls between looking and waiting. Past a thousand watches nobody waits. */
  watch(accountId: string, patience: Patience): Watch
  /** For readers that never stop: told after each commit there, and every few seconds for what was lost. There may be any number. */
  follow(accountId: string, onNews: () => void): Disposable
  /** The same for readers of every account; null stands for any of them. */
  followAll(onNews: (accountIds: Iterable<string> | null) => void): Disposable
}
