/** The slow timer, one for all: how long a lost wake-up can go unnoticed. */
const SLOW_MS = 5000

/** Those who read an account's log for good. */
export interface Followers {
  add(accountId: string, onNews: () => void): Disposable
  /** Woken for every account, by its id; null by the slow timer, and with everybody. */
  addToAll(onNews: (accountIds: Iterable<string> | null) => void): Disposable
  /** null wakes everybody. */
  wake(accountIds: Iterable<string> | null): void
  close(): void
}

export function createFollowers(): Followers {
  const byAccount = new Map<string, Set<() => void>>()
  const ofAll = new Set<(accountIds: Iterable<string> | null) => void>()
  let timer: NodeJS.Timeout | null = null

  function tell(followers: Iterable<() => void>): void {
    for (const onNews of followers) onNews()
  }
  const tellAll = () => {
    for (const followers of byAccount.values()) tell(followers)
    for (const onNews of ofAll) onNews(null)
  }

  function stop(): void {
    if (timer) clearInterval(timer)
    timer = null
  }
  const stopIfAlone = () => {
    if (byAccount.size === 0 && ofAll.size === 0) stop()
  }

  function remove(accountId: string, onNews: () => void): void {
    const followers = byAccount.get(accountId)
    followers?.delete(onNews)
    if (followers?.size === 0) byAccount.delete(accountId)
    stopIfAlone()
  }

  return {
    add: (accountId, onNews) => {
      byAccount.set(accountId, (byAccount.get(accountId) ?? new Set()).add(onNews))
      timer ??= setInterval(tellAll, SLOW_MS).unref()
      return { [Symbol.dispose]: () => remove(accountId, onNews) }
    },
    addToAll: (onNews) => {
      ofAll.add(onNews)
      timer ??= setInterval(tellAll, SLOW_MS).unref()
      return {
        [Symbol.dispose]: () => {
          ofAll.delete(onNews)
          stopIfAlone()
        },
      }
    },
    wake: (accountIds) => {
      if (accountIds === null) return tellAll()
      for (const accountId of accountIds) tell(byAccount.get(accountId) ?? [])
      for (const onNews of ofAll) onNews(accountIds)
    },
    close: () => {
      stop()
      byAccount.clear()
      ofAll.clear()
    },
  }
}
