import type { Transaction } from '../application/ports/transaction.ts'
import type { Channel } from '../domain/channel.ts'
import { createChannelReader } from './channels.ts'
import type { Queries } from './database.ts'
import { createKnown } from './known.ts'
import { toChannels } from './load.ts'
import type { Secrets } from './secrets.ts'
import type { ChannelRow } from './tables.ts'
import { takenIf } from './taken.ts'
import { createVisitorSessions } from './visitor-sessions.ts'

interface WriterParts {
  accountId: string
  now: Date
  secrets: Secrets
}

const asTaken = takenIf('channel_account_id_custom_app_id_key', {
  what: 'channel',
  field: 'customAppId',
  reason: 'customAppId has already been taken',
})

export function createChannelWriter(db: Queries, parts: WriterParts): Transaction['channels'] {
  const { accountId, now, secrets } = parts
  const present = async (row: ChannelRow | undefined): Promise<Channel | null> =>
    row ? ((await toChannels(db, [row]))[0] ?? null) : null
  const named = (id: string) =>
    db.updateTable('channel').where('accountId', '=', accountId).where('id', '=', id)

  return {
    ...createChannelReader(db, accountId, createKnown(null)),
    lock: async (ref) =>
      present(
        await db
          .selectFrom('channel')
          .selectAll()
          .where('accountId', '=', accountId)
          .where('removedAt', 'is', null)
          .where((eb) => ('id' in ref ? eb('id', '=', ref.id) : eb('number', '=', ref.number)))
          .forUpdate()
          .executeTakeFirst(),
      ),
    insert: async (channel, token) => {
      const row = await db
        .insertInto('channel')
        .values({ ...channel, sealedToken: token === null ? null : secrets.seal(token) })
        .returningAll()
        .executeTakeFirstOrThrow()
        .catch(asTaken)
      if (channel.widgetKey) await nameWidget(db, channel)
      if (token !== null) await admit(db, parts, { channelId: channel.id, token })
      const inserted = await present(row)
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
    save: async ({ groupNumber: _number, id, number: _own, accountId: _account, ...channel }) => {
      await named(id).set(channel).execute()
      if (channel.widgetKey) await nameWidget(db, { id, accountId, widgetKey: channel.widgetKey })
    },
    replaceToken: async (channelId, token) => {
      await named(channelId)
        .set({ sealedToken: secrets.seal(token) })
        .execute()
      await expel(db, accountId, channelId)
      await admit(db, parts, { channelId, token })
    },
    remove: async (channelId) => {
      // Another channel may have its app's id from now on.
      const kept = { customAppId: null, widgetKey: null, sealedToken: null }
      await named(channelId)
        .set({ ...kept, status: 'inactive', removedAt: now, updatedAt: now })
        .execute()
      await expel(db, accountId, channelId)
      await forgetWidget(db, { accountId, id: channelId })
      await createVisitorSessions(db, parts).endOfChannel(channelId, 'all')
    },
  }
}

type Named = Pick<Channel, 'accountId' | 'id'>

/** Has a web chat found by this key, and by no other. */
async function nameWidget(
  db: Queries,
  { accountId, id: channelId, widgetKey: key }: Named & Pick<Channel, 'widgetKey'>,
): Promise<void> {
  const isNamed = await db
    .selectFrom('widgetKey')
    .select('key')
    .where('accountId', '=', accountId)
    .where('channelId', '=', channelId)
    .executeTakeFirst()
  if (key === null || isNamed?.key === key) return
  await forgetWidget(db, { accountId, id: channelId })
  await db.insertInto('widgetKey').values({ key, accountId, channelId }).execute()
}

async function forgetWidget(db: Queries, { accountId, id }: Named): Promise<void> {
  await db.deleteFrom('widgetKey').where('accountId', '=', accountId).where('channelId', '=', id).execute()
}

async function admit(
  db: Queries,
  { accountId, secrets }: WriterParts,
  { channelId, token }: { channelId: string; token: string },
): Promise<void> {
  await db
    .insertInto('channelToken')
    .values({ secretHash: secrets.hash(token), accountId, channelId })
    .execute()
}

async function expel(db: Queries, accountId: string, channelId: string): Promise<void> {
  await db
    .deleteFrom('channelToken')
    .where('accountId', '=', accountId)
    .where('channelId', '=', channelId)
    .execute()
}
