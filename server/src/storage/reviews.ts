import type { Transaction } from '../application/ports/transaction.ts'
import type { Queries } from './database.ts'

export function createReviews(db: Queries, accountId: string): Transaction['reviews'] {
  const all = db.selectFrom('review').selectAll().where('accountId', '=', accountId)
  return {
    find: async (ref) =>
      (await (
        'id' in ref ? all.where('id', '=', ref.id) : all.where('number', '=', ref.number)
      ).executeTakeFirst()) ?? null,
    ofConversation: (conversationId) =>
      all.where('conversationId', '=', conversationId).orderBy('number').execute(),
    lock: async (id) => (await all.where('id', '=', id).forUpdate().executeTakeFirst()) ?? null,
    save: async ({ id, mark, text, isConfirmed, updatedAt }) => {
      await db
        .updateTable('review')
        .set({ mark, text, isConfirmed, updatedAt })
        .where('accountId', '=', accountId)
        .where('id', '=', id)
        .execute()
    },
    insert: (review) => db.insertInto('review').values(review).returningAll().executeTakeFirstOrThrow(),
  }
}
