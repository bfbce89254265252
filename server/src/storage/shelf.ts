import { sql } from 'kysely'
import { transacting } from './availability.ts'
import type { Database } from './database.ts'

/** What is kept was true at most this long ago, whatever process changed it. */
const OLDEST_MS = 800
/** From this age on it is looked at again in passing, so that under load nobody ever waits for that. */
const REFRESH_MS = 300
/** Past this many things all is let go: a bound, not a policy. */
const MOST_KEPT = 50_000

/** The clock for ages: never set back. */
type Monotonic = () => number

/**
 * Small things that are asked for with every request and change hardly ever, kept by account. Any change to an account that
 * is told in the event log empties its shelf: at once in the process that made it, within `OLDEST_MS` in every other one.
 */
export interface Shelf {
  /** To be awaited before anything is taken, and before a transaction: nothing on the shelf is older than allowed then. */
  fresh(): Promise<void>
  /** What was put under the key: whoever asks knows what that is. */
  take(accountId: string, key: string): unknown
  /** To be noted before something is loaded that is to be put here: what a change overtakes meanwhile is not kept. */
  mark(): number
  put(mark: number, accountId: string, key: string, value: unknown): void
  forget(accountId: string): void
  forgetAll(): void
}

export function createShelf(db: Database, now: Monotonic = () => performance.now()): Shelf {
  const accounts = new Map<string, Map<string, unknown>>()
  let kept = 0
  let changes = 0
  let checkedAt = -Infinity
  /** No change before this transaction is news. */
  let horizon: number | null = null
  let checking: Promise<void> | null = null

  function forgetAll(): void {
    changes += 1
    accounts.clear()
    kept = 0
  }

  function forget(accountId: string): void {
    changes += 1
    kept -= accounts.get(accountId)?.size ?? 0
    accounts.delete(accountId)
  }

  async function check(): Promise<void> {
    const askedAt = now()
    const { changed, xmin } = await transacting(() => readChanges(db, [...accounts.keys()], horizon ?? 0))
    for (const accountId of changed) forget(accountId)
    horizon = xmin
    checkedAt = askedAt
  }

  /** One check at a time; a failed one leaves everything as old as it is. */
  function checkOnce(): Promise<void> {
    checking ??= check().finally(() => {
      checking = null
    })
    return checking
  }

  return {
    fresh: async () => {
      const age = now() - checkedAt
      if (age < REFRESH_MS) return
      if (age < OLDEST_MS) checkOnce().catch(() => undefined)
      else await checkOnce()
    },
    take: (accountId, key) => accounts.get(accountId)?.get(key),
    mark: () => changes,
    put: (mark, accountId, key, value) => {
      if (mark !== changes) return
      if (kept >= MOST_KEPT) forgetAll()
      const shelf = accounts.get(accountId) ?? new Map<string, unknown>()
      accounts.set(accountId, shelf)
      if (!shelf.has(key)) kept += 1
      shelf.set(key, value)
    },
    forget,
    forgetAll,
  }
}

/**
 * Accounts about which the log has told anything but conversations and contacts since the horizon: a transaction that had
 * not ended when the log was last looked at is not before it. The partial index has these words.
 */
async function readChanges(
  db: Database,
  accountIds: string[],
  horizon: number,
): Promise<{ changed: string[]; xmin: number }> {
  const { rows } = await sql<{ changed: string[]; xmin: number }>`
    select pg_snapshot_xmin(pg_current_snapshot()) as xmin, array(
      select distinct account_id::text from event
       where account_id = any(${accountIds}::uuid[]) and transaction_id >= ${String(horizon)}::xid8
         and conversation_id is null and left(type, 8) <> 'contact.') as changed
  `.execute(db)
  const [row] = rows
  if (!row) throw new Error('The database did not say what it knows.')
  return row
}
