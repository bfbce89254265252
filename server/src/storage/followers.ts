/** The slow timer, one for all: how long a lost wake-up can go unnoticed. */
const SLOW_MS = 5000

/** Those who read an account's log for good. */
export interface Followers {
  add(accountId: string, onNews: () => void): Disposable
  /** null wakes everybody. */
  wake(accountIds: Iterable<string> | null): void
  close(): void
}

export function createFollowers(): Followers {
  const byAccount = new Map<string, Set<() => void>>()
  let timer: NodeJS.Timeout | null = null

  function tell(followers: Iterable<() => void>): void {
    for (const onNews of followers) onNews()
  }
  const tellAll = () => {
    for (const followers of byAccount.values()) tell(followers)
  }

  function stop(): void {
    if (timer) clearInterval(timer)
    timer = null
  }

  function remove(accountId: string, onNews: () => void): void {
    const followers = byAccount.get(accountId)
    followers?.delete(onNews)
    if (followers?.size === 0) byAccount.delete(accountId)
    if (byAccount.size === 0) stop()
  }

  return {
    add: (accountId, onNews) => {
      byAccount.set(accountId, (byAccount.get(accountId) ?? new Set()).add(onNews))
      timer ??= setInterval(tellAll, SLOW_MS).unref()
      return { [Symbol.dispose]: () => remove(accountId, onNews) }
    },
    wake: (accountIds) => {
      if (accountIds === null) tellAll()
      else for (const accountId of accountIds) tell(byAccount.get(accountId) ?? [])
    },
    close: () => {
      stop()
      byAccount.clear()
    },
  }
}
