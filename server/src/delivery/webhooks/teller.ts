import type { Tools } from '../../application/ports/house.ts'
import type { WebhookClaims, WebhookLedger } from '../../application/ports/webhooks.ts'
import { createAccountTeller, type AccountParts, type AccountTeller } from './account.ts'
import type { Recorder } from './recorder.ts'

/** Accounts that have webhooks since, or lost whoever told theirs, are found so soon. */
const REFRESH_MS = 2000
const SOON_MS = 500
/** What is out when the server stops has so long to come back; it is told again otherwise. */
const GRACE_MS = 1000

export interface TellerParts extends Pick<
  AccountParts,
  'pace' | 'clock' | 'chance' | 'scale' | 'onTried' | 'onBug'
> {
  tools: Pick<Tools, 'ask' | 'webhooks' | 'liveFeed'>
  ledger: WebhookLedger
  claims: WebhookClaims
  recorder: Recorder
  publicOrigin(): string
  /** Closes the connections that are kept to endpoints. */
  hangUp(): void
}

/** Tells webhooks what happens: of each account one process, whichever has claimed it. */
export interface Teller {
  start(): void
  /** Tells all that can be told now, then returns; for a process that was not started. */
  drain(): Promise<void>
  stop(): Promise<void>
}

export function createTeller(parts: TellerParts): Teller {
  const { ledger, claims } = parts
  const accounts = new Map<string, AccountTeller>()
  let following: Disposable | null = null
  let slow: NodeJS.Timeout | null = null
  let soon: NodeJS.Timeout | null = null
  let isRunning = false
  let refreshing: Promise<void> | null = null

  const open = (accountId: string) => createAccountTeller({ ...parts, accountId })

  async function refresh(): Promise<void> {
    const wanted = new Set(await ledger.accounts())
    for (const [accountId, account] of accounts)
      if (!wanted.has(accountId)) {
        accounts.delete(accountId)
        // What is out comes back before another process may tell anything.
        void account.close().then(() => claims.release(accountId))
      }
    for (const accountId of wanted) {
      if (accounts.has(accountId) || !isRunning || !(await claims.claim(accountId))) continue
      const account = open(accountId)
      accounts.set(accountId, account)
      account.wake()
    }
  }

  function refreshOnce(): void {
    refreshing ??= refresh()
      .catch(parts.onBug)
      .finally(() => {
        refreshing = null
      })
  }

  function wake(accountIds: Iterable<string> | null): void {
    for (const accountId of accountIds ?? accounts.keys()) {
      const account = accounts.get(accountId)
      if (account) account.wake()
      else if (soon === null) soon = setTimeout(wakeStrangers, SOON_MS).unref()
    }
  }
  const wakeStrangers = () => {
    soon = null
    refreshOnce()
  }

  /** Whoever has our claims now tells what we would. */
  function lose(): void {
    for (const account of accounts.values()) void account.close()
    accounts.clear()
  }

  return {
    start: () => {
      isRunning = true
      claims.onLost(lose)
      following = parts.tools.liveFeed.followAll(wake)
      slow = setInterval(refreshOnce, REFRESH_MS).unref()
      refreshOnce()
    },
    drain: async () => {
      const opened = (await ledger.accounts()).map(open)
      try {
        await Promise.all(opened.map((account) => account.settle()))
      } finally {
        await Promise.all(opened.map((account) => account.close()))
      }
    },
    stop: async () => {
      isRunning = false
      following?.[Symbol.dispose]()
      if (slow) clearInterval(slow)
      if (soon) clearTimeout(soon)
      await refreshing
      const closed = Promise.all([...accounts.values()].map((account) => account.close()))
      await Promise.race([closed, new Promise((resolve) => void setTimeout(resolve, GRACE_MS).unref())])
      parts.recorder.close()
      parts.hangUp()
      await claims.close()
    },
  }
}
