import { createHmac } from 'node:crypto'
import { sql } from 'kysely'
import { refuse } from '../../domain/errors.ts'
import { placeOf } from '../../platform/client-address.ts'
import { available } from '../availability.ts'
import type { Database } from '../database.ts'

interface Rule {
  /** Failures within the time, before the next try is refused. */
  most: number
  withinMs: number
  /** From the failure that was one too many. */
  lockedMs: number
}

const MINUTE_MS = 60_000
/** One person's password can be guessed at from many addresses, and one address can try many people. */
const PERSON: Rule = { most: 10, withinMs: 15 * MINUTE_MS, lockedMs: 15 * MINUTE_MS }
const ADDRESS: Rule = { most: 50, withinMs: 15 * MINUTE_MS, lockedMs: 15 * MINUTE_MS }

export interface Lockout {
  /** Counts a try before it is made, so that many at once are no way around. Refuses `rate_limited`. */
  begin(who: Tried): Promise<void>
  /** It was right after all: the person begins anew, and the address is not charged. */
  succeed(who: Tried): Promise<void>
}

export interface Tried {
  email: string
  address: string
}

interface LockoutParts {
  db: Database
  /** Names are kept under a keyed hash: the table tells nobody's address. */
  key: Buffer
  clock(): Date
}

/** Whether there is such a person makes no difference here. */
export function createLockout({ db, key, clock }: LockoutParts): Lockout {
  const nameOf = (kind: string, text: string) => createHmac('sha256', key).update(`${kind}:${text}`).digest()
  const namesOf = ({ email, address }: Tried) => ({
    person: nameOf('person', email.trim().toLowerCase()),
    address: nameOf('address', placeOf(address)),
  })

  async function count(name: Buffer, rule: Rule): Promise<void> {
    const now = clock()
    const stale = new Date(now.getTime() - rule.withinMs)
    const lockedUntil = new Date(now.getTime() + rule.lockedMs)
    const { rows } = await available(() =>
      sql<{ failures: number; lockedUntil: Date | null }>`
        insert into sign_in_failure as f (name, failures, began_at) values (${name}, 1, ${now})
        on conflict (name) do update set
          failures = case when f.locked_until > ${now} then f.failures
            when f.locked_until <= ${now} or f.began_at < ${stale} then 1 else f.failures + 1 end,
          began_at = case when f.locked_until <= ${now} or f.began_at < ${stale} then ${now} else f.began_at end,
          locked_until = case when f.locked_until > ${now} then f.locked_until
            when f.locked_until <= ${now} or f.began_at < ${stale} then null
            when f.failures + 1 > ${rule.most} then ${lockedUntil}::timestamptz end
        returning failures, locked_until
      `.execute(db),
    )
    const until = rows[0]?.lockedUntil
    if (until)
      refuse('rate_limited', {
        what: 'sign-in',
        reason: 'Too many failed sign-ins. Try again later.',
        retryAfter: Math.max(1, Math.ceil((until.getTime() - now.getTime()) / 1000)),
      })
  }

  return {
    begin: async (who) => {
      const names = namesOf(who)
      await count(names.address, ADDRESS)
      await count(names.person, PERSON)
    },
    succeed: async (who) => {
      const names = namesOf(who)
      await available(async () => {
        await db.deleteFrom('signInFailure').where('name', '=', names.person).execute()
        await sql`update sign_in_failure set failures = failures - 1
          where name = ${names.address} and failures > 0 and locked_until is null`.execute(db)
      })
    },
  }
}
