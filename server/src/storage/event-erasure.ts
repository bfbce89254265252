import { sql, type RawBuilder } from 'kysely'
import type { Queries } from './database.ts'

/** What an erased event is called. It tells nothing and is told to nobody; its place stays, since readers may stand at it. */
export const ERASED = sql.raw(`'contact.erased'`)

type About = { conversationId: string } | { contactId: string }

/** Events that tell of a conversation; or of a contact alone, in the words of the partial index. */
const telling = (about: About): RawBuilder<unknown> =>
  'conversationId' in about
    ? sql`e.conversation_id = ${about.conversationId}`
    : sql`left(e.type, 8) = 'contact.' and e.data ->> 'contactId' = ${about.contactId}`

export async function eventsAbout(
  db: Queries,
  accountId: string,
  { about, after, limit }: { about: About; after: number; limit: number },
): Promise<{ id: number; type: string; occurredAt: Date }[]> {
  const { rows } = await sql<{ id: number; type: string; occurredAt: Date }>`
    select e.id, e.type, e.created_at as occurred_at from event e
     where e.account_id = ${accountId} and ${telling(about)} and e.id + 0 > ${after} order by e.id + 0 limit ${limit}
  `.execute(db)
  return rows
}

/** Empties every event that tells of the conversation: those who did something are named in them. */
export async function eraseEvents(db: Queries, accountId: string, conversationId: string): Promise<void> {
  await erase(db, accountId, telling({ conversationId }))
}

/** The same of the events that tell of the contact alone. */
export async function eraseEventsOfContact(db: Queries, accountId: string, contactId: string): Promise<void> {
  await erase(db, accountId, telling({ contactId }))
}

/** What is no longer told at all needs no place. */
async function erase(db: Queries, accountId: string, which: RawBuilder<unknown>): Promise<void> {
  await sql`
    delete from event e using event_retention r
     where e.account_id = ${accountId} and ${which} and r.account_id = ${accountId}
       and (e.transaction_id, e.id) <= (r.through_transaction_id, r.through_id)
  `.execute(db)
  await sql`
    update event e set type = ${ERASED}, conversation_id = null, data = '{}'
     where e.account_id = ${accountId} and ${which}
  `.execute(db)
}
