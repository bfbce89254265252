import { sql } from 'kysely'
import type { ChannelReader, ChannelTraffic } from '../application/ports/reader.ts'
import type { Channel } from '../domain/channel.ts'
import { PLANNED_ANEW, type Queries } from './database.ts'
import type { Known } from './known.ts'
import { previewExpiry } from './message-expiry.ts'
import { toChannels } from './load.ts'
import type { ChannelRow } from './tables.ts'

export function createChannelReader(db: Queries, accountId: string, known: Known): ChannelReader {
  const all = db
    .selectFrom('channel')
    .selectAll()
    .where('accountId', '=', accountId)
    .where('removedAt', 'is', null)
  const one = async (row: ChannelRow | undefined): Promise<Channel | null> =>
    row ? ((await toChannels(db, [row]))[0] ?? null) : null

  return {
    find: async (ref) => {
      const [found] = await known.channels(db, [{ accountId, ref }])
      return found && !found.isRemoved ? found.channel : null
    },
    firstOfKind: async (kind) =>
      one(
        await all
          .where('kind', '=', kind)
          .where('status', '=', 'active')
          .orderBy('number')
          .executeTakeFirst(),
      ),
    page: async ({ after, order, limit }) => {
      const beyond = after === null ? all : all.where('number', order === 'asc' ? '>' : '<', after)
      return toChannels(db, await beyond.orderBy('number', order).limit(limit).execute())
    },
    list: (filter) => list(db, accountId, filter),
    traffic: (channelIds, since) => traffic(db, { accountId, channelIds, since }),
    previewExpiry: (channelId, before) => previewExpiry(db, accountId, { channelId, before }),
  }
}

async function list(db: Queries, accountId: string, filter: Parameters<ChannelReader['list']>[0]) {
  let rows = db.selectFrom('channel').where('accountId', '=', accountId).where('removedAt', 'is', null)
  if (filter.kinds) rows = rows.where('kind', 'in', filter.kinds.length > 0 ? filter.kinds : ['' as never])
  if (filter.status) rows = rows.where('status', '=', filter.status as Channel['status'])
  if (filter.text)
    rows = rows.where('name', 'ilike', `%${filter.text.replace(/[\\%_]/g, (letter) => `\\${letter}`)}%`)
  const { total } = await rows.select((eb) => eb.fn.countAll<number>().as('total')).executeTakeFirstOrThrow()
  const page = await rows.selectAll().orderBy('number').limit(filter.limit).offset(filter.offset).execute()
  return { channels: await toChannels(db, page), total }
}

/** One statement for a page of channels. Messages of a day lie together; open conversations are counted as they change. */
async function traffic(
  db: Queries,
  asked: { accountId: string; channelIds: string[]; since: Date },
): Promise<Map<string, ChannelTraffic>> {
  const { accountId, channelIds, since } = asked
  if (channelIds.length === 0) return new Map()
  const { rows } = await sql<ChannelTraffic & { id: string }>`${sql.raw(PLANNED_ANEW)}
    with spoken as materialized (
      select channel_id, count(*) filter (where direction = 'inbound') as received,
             count(*) filter (where direction = 'outbound') as sent
        from message where account_id = ${accountId} and created_at >= ${since} and kind not in ('note', 'system')
       group by channel_id
    ), active as materialized (
      select channel_id, sum(count)::bigint as conversations from conversation_count
       where account_id = ${accountId} and status <> 'closed' group by channel_id
    )
    select c.id, coalesce(s.received, 0) as received, coalesce(s.sent, 0) as sent,
           coalesce(a.conversations, 0) as active_conversations
      from channel c left join spoken s on s.channel_id = c.id left join active a on a.channel_id = c.id
     where c.account_id = ${accountId} and c.id = any(${channelIds}::uuid[])
  `.execute(db)
  return new Map(rows.map(({ id, ...counts }) => [id, counts]))
}
