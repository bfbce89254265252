import { sql } from 'kysely'
import { MOST_COUNTED } from '../application/ports/reader.ts'
import { and, channelsOf, type ReachedSearch } from './conversation-filters.ts'
import type { Queries } from './database.ts'

/** How many there are of a status, on channels: what the database counts as it changes. Past the cap only by status. */
export async function countConversations(
  db: Queries,
  accountId: string,
  search: ReachedSearch,
): Promise<number> {
  const channels = channelsOf(accountId, search)
  const conditions = [sql`account_id = ${accountId}`]
  if (search.status) conditions.push(sql`status = ${search.status}`)
  if (channels) conditions.push(sql`channel_id = ${channels}`)
  const { rows } = await sql<{ total: number }>`
    select coalesce(sum(count), 0)::bigint as total from conversation_count where ${and(conditions)}
  `.execute(db)
  const total = rows[0]?.total ?? 0
  return channels ? Math.min(total, MOST_COUNTED) : total
}
