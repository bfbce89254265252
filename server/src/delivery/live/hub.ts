import type { Tools } from '../../application/ports/house.ts'
import type { Heard, Live } from '../../application/ports/live.ts'
import type { Signal } from '../../application/ports/signals.ts'
import type { Standings } from '../../application/ports/standings.ts'
import { createLiveAccount, type LiveAccount } from './account.ts'
import { createGuards } from './guards.ts'
import { createPresence } from './presence.ts'

export interface LiveParts {
  tools: Pick<Tools, 'ask' | 'liveFeed' | 'signals'>
  standings: Standings
  onBug(error: unknown): void
}

export interface OwnedLive extends Live {
  close(): void
}

/** Tells what happens to whoever has a line to this process: accounts are read while somebody follows them. */
export function createLive({ tools, standings, onBug }: LiveParts): OwnedLive {
  const accounts = new Map<string, LiveAccount>()
  const guards = createGuards(standings, onBug)
  let listening: Disposable | null = null

  const presence = createPresence({
    signals: tools.signals,
    now: () => performance.now(),
    onChange: (accountId, { operatorId, state, viewing }) => {
      hear(accountId, { type: 'presence', operatorId, state })
      hear(accountId, { type: 'viewing', operatorId, conversationIds: viewing })
    },
  })

  function hear(accountId: string, heard: Heard): void {
    accounts.get(accountId)?.hear(heard).catch(onBug)
  }

  function listen(accountId: string, signal: Signal): void {
    if (signal.type === 'typing') hear(accountId, signal)
  }

  function accountOf(accountId: string): LiveAccount {
    const found =
      accounts.get(accountId) ??
      createLiveAccount({
        ...{ accountId, tools, onBug },
        prepare: (news) => guards.heed(accountId, news),
      })
    accounts.set(accountId, found)
    return found
  }

  function leave(accountId: string, account: LiveAccount): void {
    if (!account.isEmpty() || accounts.get(accountId) !== account) return
    accounts.delete(accountId)
    account[Symbol.dispose]()
  }

  return {
    presence,
    guard: (credential, known, onChange) => guards.add(credential, known, onChange),
    follow: (accountId, after, follower) => {
      listening ??= tools.signals.listen(listen)
      const account = accountOf(accountId)
      const followed = account.add(after, follower)
      return {
        [Symbol.dispose]: () => {
          followed[Symbol.dispose]()
          leave(accountId, account)
        },
      }
    },
    close: () => {
      guards.close()
      presence.close()
      listening?.[Symbol.dispose]()
      for (const account of accounts.values()) account[Symbol.dispose]()
      accounts.clear()
    },
  }
}
