import type { Transaction } from '../application/ports/transaction.ts'
import type { Queries } from './database.ts'
import { takenIf } from './taken.ts'

const asTaken = takenIf('operator_group_account_id_priority_key', {
  what: 'group',
  field: 'priority',
  reason: 'another group has this priority',
})

export function createGroups(db: Queries, accountId: string): Transaction['groups'] {
  const all = db.selectFrom('operatorGroup').selectAll().where('accountId', '=', accountId)
  return {
    find: async (ref) =>
      (await (
        'id' in ref ? all.where('id', '=', ref.id) : all.where('number', '=', ref.number)
      ).executeTakeFirst()) ?? null,
    lock: async (ref) =>
      (await ('id' in ref ? all.where('id', '=', ref.id) : all.where('number', '=', ref.number))
        .forUpdate()
        .executeTakeFirst()) ?? null,
    list: () => all.orderBy('number').execute(),
    default: async () => (await all.where('isDefault', '=', true).executeTakeFirst()) ?? null,
    page: ({ after, order, limit }) =>
      (after === null ? all : all.where('number', order === 'asc' ? '>' : '<', after))
        .orderBy('number', order)
        .limit(limit)
        .execute(),
    memberIds: (groupIds) => memberIds(db, accountId, groupIds),
    insert: (group) =>
      db.insertInto('operatorGroup').values(group).returningAll().executeTakeFirstOrThrow().catch(asTaken),
    save: async ({ id, title, color, priority, updatedAt }) => {
      await db
        .updateTable('operatorGroup')
        .set({ title, color, priority, updatedAt })
        .where('accountId', '=', accountId)
        .where('id', '=', id)
        .execute()
        .catch(asTaken)
    },
    remove: async (groupId) => {
      await db
        .updateTable('channel')
        .set({ groupId: null })
        .where('accountId', '=', accountId)
        .where('groupId', '=', groupId)
        .execute()
      await db
        .deleteFrom('operatorGroup')
        .where('accountId', '=', accountId)
        .where('id', '=', groupId)
        .execute()
    },
  }
}

async function memberIds(db: Queries, accountId: string, groupIds: string[]): Promise<Map<string, string[]>> {
  const found = new Map<string, string[]>(groupIds.map((id) => [id, []]))
  if (groupIds.length === 0) return found
  const rows = await db
    .selectFrom('operatorGroupMember as m')
    .innerJoin('operator as o', (join) =>
      join.onRef('o.accountId', '=', 'm.accountId').onRef('o.id', '=', 'm.operatorId'),
    )
    .select(['m.groupId', 'm.operatorId'])
    .where('m.accountId', '=', accountId)
    .where('m.groupId', 'in', groupIds)
    .where('o.removedAt', 'is', null)
    .orderBy('o.number')
    .execute()
  for (const { groupId, operatorId } of rows) found.get(groupId)?.push(operatorId)
  return found
}
