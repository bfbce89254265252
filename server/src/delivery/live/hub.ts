import type { Tools } from '../../application/ports/house.ts'
import type { Heard, Live } from '../../application/ports/live.ts'
import type { Signal } from '../../application/ports/signals.ts'
import type { Standings } from '../../application/ports/standings.ts'
import { createLiveAccount, type LiveAccount } from './account.ts'
import { createDoorkeeper } from './doorkeeper.ts'
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
  const doorkeeper = createDoorkeeper(standings, onBug)
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
    if (signal.type === 'farewell') doorkeeper.farewell(accountId, signal.sessionId).catch(onBug)
  }

  function accountOf(accountId: string): LiveAccount {
    const found =
      accounts.get(accountId) ??
      createLiveAccount({
        ...{ accountId, tools, onBug },
        prepare: (news) => doorkeeper.heed(accountId, news),
      })
    accounts.set(accountId, found)
    return found
  }

  function leave(accountId: string, account: LiveAccount): void {
    if (!account.isEmpty() || accounts.get(accountId) !== account) return
    accounts.delete(accountId)
    account[Symbol.dispose]()
  }

  function join(accountId: string, enter: (account: LiveAccount) => Disposable): Disposable {
    listening ??= tools.signals.listen(listen)
    const account = accountOf(accountId)
    const entered = enter(account)
    return {
      [Symbol.dispose]: () => {
        entered[Symbol.dispose]()
        leave(accountId, account)
      },
    }
  }

  return {
    presence,
    guard: doorkeeper.guard,
    watch: doorkeeper.watch,
    follow: (accountId, after, follower) => join(accountId, (account) => account.add(after, follower)),
    listen: (visitor, after, listener) =>
      join(visitor.accountId, (account) => account.listen(visitor, after, listener)),
    close: () => {
      doorkeeper.close()
      presence.close()
      listening?.[Symbol.dispose]()
      for (const account of accounts.values()) account[Symbol.dispose]()
      accounts.clear()
    },
  }
}
