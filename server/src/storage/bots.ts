import type { Transaction } from '../application/ports/transaction.ts'
import type { Bot } from '../domain/bot.ts'
import type { Queries } from './database.ts'

const COLUMNS = ['id', 'number', 'accountId', 'name', 'createdAt', 'updatedAt'] as const

export function createBots(db: Queries, accountId: string, now: Date): Transaction['bots'] {
  const all = db
    .selectFrom('bot')
    .select(COLUMNS)
    .where('accountId', '=', accountId)
    .where('removedAt', 'is', null)
  const one = async (query: typeof all): Promise<Bot | null> => (await query.executeTakeFirst()) ?? null
  return {
    find: (ref) => one('id' in ref ? all.where('id', '=', ref.id) : all.where('number', '=', ref.number)),
    lock: (ref) =>
      one(('id' in ref ? all.where('id', '=', ref.id) : all.where('number', '=', ref.number)).forUpdate()),
    list: () => all.orderBy('number').execute(),
    first: () => one(all.orderBy('number')),
    page: ({ after, order, limit }) =>
      (after === null ? all : all.where('number', order === 'asc' ? '>' : '<', after))
        .orderBy('number', order)
        .limit(limit)
        .execute(),
    insert: (bot) => db.insertInto('bot').values(bot).returning(COLUMNS).executeTakeFirstOrThrow(),
    save: async ({ id, name, updatedAt }) => {
      await db
        .updateTable('bot')
        .set({ name, updatedAt })
        .where('accountId', '=', accountId)
        .where('id', '=', id)
        .execute()
    },
    remove: async (botId) => {
      await db
        .updateTable('channel')
        .set({ defaultBotId: null })
        .where('accountId', '=', accountId)
        .where('defaultBotId', '=', botId)
        .execute()
      await db
        .updateTable('bot')
        .set({ removedAt: now, updatedAt: now })
        .where('accountId', '=', accountId)
        .where('id', '=', botId)
        .execute()
    },
  }
}
