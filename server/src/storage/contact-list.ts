import { sql } from 'kysely'
import type { ContactListing } from '../application/ports/reader.ts'
import type { Reach } from '../domain/permissions.ts'
import { and, reached, type Sql } from './conversation-filters.ts'
import { NAME, hasThreeLetters, patternOf } from './conversation-search.ts'
import { PLANNED_ANEW, type Queries } from './database.ts'

/** Of the contacts called so, so many are put in order; of those too short to be in the index, the newest are looked through. */
const MOST_NAMES = 10_000
const FRESH = 5000

/** The ids of a page of contacts, newest first, beyond a number. */
export async function listContacts(
  db: Queries,
  accountId: string,
  listing: ContactListing & { reach: Reach },
): Promise<string[]> {
  const { phone, email, after, limit, reach } = listing
  const conditions = [sql`ct.account_id = ${accountId}`, ...within(accountId, reach)]
  if (phone !== undefined) conditions.push(sql`ct.phone = ${phone}`)
  if (email !== undefined) conditions.push(sql`ct.email = ${email}`)
  if (after !== null) conditions.push(sql`ct.number < ${after}`)
  const { rows } = await sql<{ id: string }>`${sql.raw(PLANNED_ANEW)}
    select ct.id from ${candidates(accountId, listing)} ct where ${and(conditions)} order by ct.number desc limit ${limit}
  `.execute(db)
  return rows.map(({ id }) => id)
}

/** All contacts, or those called so: found first, by the index of names, whatever else is asked. */
function candidates(accountId: string, { name }: ContactListing): Sql {
  if (name === undefined) return sql`contact`
  const called = sql`${NAME} ilike ${patternOf(name)}`
  if (hasThreeLetters(name))
    return sql`(select ct.* from contact ct where ct.account_id = ${accountId} and ${called} limit ${MOST_NAMES} offset 0)`
  return sql`(select ct.* from (
      select * from contact where account_id = ${accountId} order by number desc limit ${FRESH}) ct
     where ${called} offset 0)`
}

/** With any conversation before whoever asks: by what an operator has, or contact by contact for a group, where they are many. */
function within(accountId: string, reach: Reach): Sql[] {
  if (reach.kind === 'all') return []
  if (reach.kind === 'own')
    return [
      sql`ct.id = any(array(select contact_id from conversation where account_id = ${accountId} and assignee_id = ${reach.operatorId}))`,
    ]
  const conditions = [
    sql`i.account_id = ${accountId}`,
    sql`i.contact_id = ct.id`,
    sql`c.account_id = ${accountId}`,
    sql`c.channel_id = i.channel_id`,
    sql`c.contact_id = i.contact_id`,
    ...reached(reach),
  ]
  return [sql`exists (select 1 from contact_identity i, conversation c where ${and(conditions)} offset 0)`]
}
