import type { ChannelReader } from '../application/ports/reader.ts'
import type { Transaction } from '../application/ports/transaction.ts'
import type { Channel } from '../domain/channel.ts'
import type { Queries } from './database.ts'
import { toChannels } from './load.ts'
import type { Secrets } from './secrets.ts'
import type { ChannelRow } from './tables.ts'

export function createChannelReader(db: Queries, accountId: string): ChannelReader {
  const all = db.selectFrom('channel').selectAll().where('accountId', '=', accountId)
  const one = async (row: ChannelRow | undefined): Promise<Channel | null> =>
    row ? ((await toChannels(db, [row]))[0] ?? null) : null

  return {
    find: async (ref) =>
      one(
        await (
          'id' in ref ? all.where('id', '=', ref.id) : all.where('number', '=', ref.number)
        ).executeTakeFirst(),
      ),
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
  }
}

async function list(db: Queries, accountId: string, filter: Parameters<ChannelReader['list']>[0]) {
  let rows = db.selectFrom('channel').where('accountId', '=', accountId)
  if (filter.kinds) rows = rows.where('kind', 'in', filter.kinds.length > 0 ? filter.kinds : ['' as never])
  if (filter.status) rows = rows.where('status', '=', filter.status as Channel['status'])
  if (filter.text)
    rows = rows.where('name', 'ilike', `%${filter.text.replace(/[\\%_]/g, (letter) => `\\${letter}`)}%`)
  const { total } = await rows.select((eb) => eb.fn.countAll<number>().as('total')).executeTakeFirstOrThrow()
  const page = await rows.selectAll().orderBy('number').limit(filter.limit).offset(filter.offset).execute()
  return { channels: await toChannels(db, page), total }
}

export function createChannelWriter(
  db: Queries,
  accountId: string,
  secrets: Secrets,
): Transaction['channels'] {
  return {
    ...createChannelReader(db, accountId),
    insert: async (channel, token) => {
      const sealedToken = token === null ? null : secrets.seal(token)
      const row = await db
        .insertInto('channel')
        .values({ ...channel, sealedToken })
        .returningAll()
        .executeTakeFirstOrThrow()
      if (token !== null)
        await db
          .insertInto('channelToken')
          .values({ secretHash: secrets.hash(token), accountId, channelId: channel.id })
          .execute()
      const [inserted] = await toChannels(db, [row])
      if (!inserted) throw new Error('A channel vanished at birth.')
      return inserted
    },
    secretOf: async (channelId) => {
      const row = await db
        .selectFrom('channel')
        .select('sealedToken')
        .where('accountId', '=', accountId)
        .where('id', '=', channelId)
        .executeTakeFirst()
      return row?.sealedToken ? secrets.unseal(row.sealedToken) : null
    },
  }
}
