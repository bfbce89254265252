import type { Transaction } from '../application/ports/transaction.ts'
import type { Queries } from './database.ts'

export function createGroups(db: Queries, accountId: string): Transaction['groups'] {
  const all = db.selectFrom('operatorGroup').selectAll().where('accountId', '=', accountId)
  return {
    find: async (ref) =>
      (await (
        'id' in ref ? all.where('id', '=', ref.id) : all.where('number', '=', ref.number)
      ).executeTakeFirst()) ?? null,
    list: () => all.orderBy('number').execute(),
    default: async () => (await all.where('isDefault', '=', true).executeTakeFirst()) ?? null,
    insert: (group) => db.insertInto('operatorGroup').values(group).returningAll().executeTakeFirstOrThrow(),
  }
}

export function createBots(db: Queries, accountId: string): Transaction['bots'] {
  const all = db.selectFrom('bot').selectAll().where('accountId', '=', accountId)
  return {
    find: async (ref) =>
      (await (
        'id' in ref ? all.where('id', '=', ref.id) : all.where('number', '=', ref.number)
      ).executeTakeFirst()) ?? null,
    list: () => all.orderBy('number').execute(),
    first: async () => (await all.orderBy('number').executeTakeFirst()) ?? null,
    insert: (bot) => db.insertInto('bot').values(bot).returningAll().executeTakeFirstOrThrow(),
  }
}
