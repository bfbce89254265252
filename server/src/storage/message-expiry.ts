import { sql } from 'kysely'
import type { Erasure, ExpiredPiece } from '../application/ports/erasure.ts'
import { PLANNED_ANEW, type Database, type Queries } from './database.ts'
import { transacting } from './availability.ts'
import type { ExpiryPreview } from '../application/ports/reader.ts'

/** Messages looked at in one transaction: few enough to be in nobody's way. */
const PIECE = 1000

interface Looked {
  number: number
  id: string
  conversationId: string
  isOfChannel: boolean
  isExpired: boolean
}

/**
 * Messages are looked at in the order of their numbers, which is that of time, from where the last look ended: however many there are,
 * each is looked at once for each channel that keeps messages for a time.
 */
export function createExpiry(
  db: Queries,
  accountId: string,
): Pick<Erasure, 'retentionDaysOf' | 'findExpired' | 'noteExpired'> {
  return {
    retentionDaysOf: async (channelId) => {
      const row = await db
        .selectFrom('channel')
        .select('retentionDays')
        .where('accountId', '=', accountId)
        .where('id', '=', channelId)
        .executeTakeFirst()
      return row?.retentionDays ?? null
    },
    findExpired: async (channelId, before) => {
      const { rows } = await sql<Looked>`
        select number, id, conversation_id, channel_id = ${channelId} as is_of_channel,
               bool_and(created_at < ${before}) over (order by number) as is_expired
          from (
            select number, id, conversation_id, channel_id, created_at from message
             where account_id = ${accountId} and number > coalesce((
               select through_number from message_retention
                where account_id = ${accountId} and channel_id = ${channelId}), 0)
             order by number limit ${PIECE}) oldest
         order by number
      `.execute(db)
      return pieceOf(rows)
    },
    noteExpired: async (channelId, throughNumber) => {
      await sql`
        insert into message_retention as r (account_id, channel_id, through_number)
        values (${accountId}, ${channelId}, ${throughNumber})
        on conflict (account_id, channel_id) do update
          set through_number = greatest(r.through_number, excluded.through_number)
      `.execute(db)
    },
  }
}

function pieceOf(rows: Looked[]): ExpiredPiece {
  const expired = rows.filter(({ isExpired }) => isExpired)
  const ours = expired.filter(({ isOfChannel }) => isOfChannel)
  return {
    messageIds: ours.map(({ id }) => id),
    conversationIds: [...new Set(ours.map(({ conversationId }) => conversationId))],
    throughNumber: expired.at(-1)?.number ?? null,
    hasMore: expired.length === PIECE,
  }
}

/** What would go from a channel: exact, by the stretches of the table that are old enough. */
export async function previewExpiry(
  db: Queries,
  accountId: string,
  { channelId, before }: { channelId: string; before: Date },
): Promise<ExpiryPreview> {
  const { rows } = await sql<ExpiryPreview>`${sql.raw(PLANNED_ANEW)}
    with old as materialized (
      select conversation_id, attachment_id, created_at from message
       where account_id = ${accountId} and channel_id = ${channelId} and created_at < ${before}
    ), touched as materialized (select distinct conversation_id as id from old)
    select (select count(*) from old) as messages, (select count(attachment_id) from old) as files,
           (select min(created_at) from old) as oldest_at,
           (select count(*) from touched t
             join conversation c on c.account_id = ${accountId} and c.id = t.id and c.status = 'closed'
             where not exists (select from message m where m.account_id = ${accountId}
               and m.conversation_id = t.id and m.created_at >= ${before})) as conversations
  `.execute(db)
  const [row] = rows
  if (!row) throw new Error('The database did not count.')
  return row
}

/** Channels of all accounts that keep their messages for a time. */
export async function findRetaining(db: Database): Promise<{ accountId: string; channelId: string }[]> {
  const { rows } = await transacting(() =>
    sql<{ accountId: string; channelId: string }>`
      select account_id, id as channel_id from channel where retention_days is not null order by account_id, id
    `.execute(db),
  )
  return rows
}
