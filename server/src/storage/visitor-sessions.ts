import type { VisitorSessions } from '../application/ports/visitors.ts'
import type { VisitorSession } from '../domain/visitor.ts'
import type { Queries } from './database.ts'
import type { Secrets } from './secrets.ts'
import type { Tables } from './tables.ts'

export function createVisitorSessions(
  db: Queries,
  { accountId, secrets }: { accountId: string; secrets: Pick<Secrets, 'hash'> },
): VisitorSessions {
  const all = db.selectFrom('visitorSession').selectAll().where('accountId', '=', accountId)
  return {
    bySecret: async (channelId, secret) =>
      one(
        await all
          .where('secretHash', '=', secrets.hash(secret))
          .where('channelId', '=', channelId)
          .executeTakeFirst(),
      ),
    byId: async (sessionId, channelId, externalId) =>
      one(
        await all
          .where('channelId', '=', channelId)
          .where('externalId', '=', externalId)
          .where('id', '=', sessionId)
          .executeTakeFirst(),
      ),
    insert: async ({ sessionId: id, ...session }, secret) => {
      await db
        .insertInto('visitorSession')
        .values({ ...session, id, secretHash: secrets.hash(secret) })
        .execute()
    },
    save: async ({ sessionId, channelId, externalId }, news) => {
      if (Object.keys(news).length === 0) return
      await db
        .updateTable('visitorSession')
        .set(news)
        .where('accountId', '=', accountId)
        .where('channelId', '=', channelId)
        .where('externalId', '=', externalId)
        .where('id', '=', sessionId)
        .execute()
    },
    end: async ({ sessionId, channelId, externalId }) => {
      await db
        .deleteFrom('visitorSession')
        .where('accountId', '=', accountId)
        .where('channelId', '=', channelId)
        .where('externalId', '=', externalId)
        .where('id', '=', sessionId)
        .execute()
    },
    endOfChannel: async (channelId, which) => {
      const ofChannel = db
        .deleteFrom('visitorSession')
        .where('accountId', '=', accountId)
        .where('channelId', '=', channelId)
      await (which === 'all' ? ofChannel : ofChannel.where('isVerified', '=', true)).execute()
    },
  }
}

function one(row: Tables['visitorSession'] | undefined): VisitorSession | null {
  if (!row) return null
  const { secretHash: _secret, id: sessionId, ...session } = row
  return { ...session, sessionId }
}
