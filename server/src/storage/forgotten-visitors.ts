import { sql } from 'kysely'
import { nameOfUser } from '../domain/visitor.ts'
import { transacting } from './availability.ts'
import type { StorageParts } from './house.ts'

const DAY_MS = 86_400_000
/** A user is vouched for anew whenever they come: their conversation is theirs without the session. */
const USERS_MS = 90 * DAY_MS
/** Somebody who never wrote has nothing to come back to. */
const SILENT_MS = 400 * DAY_MS
/** Few enough to hold no lock for long. */
const PIECE = 1000

/**
 * Ends the sessions that nobody has used for long. An anonymous visitor who wrote keeps theirs: it is the one way back to what was said,
 * and goes with the contact.
 */
export async function forgetVisitors({ db, clock }: Pick<StorageParts, 'db' | 'clock'>): Promise<void> {
  const now = clock().getTime()
  const [users, silent] = [new Date(now - USERS_MS), new Date(now - SILENT_MS)]
  for (;;) {
    // Who comes back meanwhile is looked at again, and stays.
    const { numAffectedRows = 0n } = await transacting(() =>
      sql`
        delete from visitor_session where seen_at <= ${users} and secret_hash in (
          select s.secret_hash from visitor_session s
           where s.seen_at <= ${users} and (starts_with(s.external_id, ${nameOfUser('')})
             or s.seen_at <= ${silent} and not exists (
               select from contact_identity i where i.account_id = s.account_id
                 and i.channel_id = s.channel_id and i.external_id = s.external_id))
           limit ${PIECE})
      `.execute(db),
    )
    if (numAffectedRows === 0n) return
  }
}
