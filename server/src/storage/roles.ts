import { sql } from 'kysely'
import type { RoleReader } from '../application/ports/reader.ts'
import type { Transaction } from '../application/ports/transaction.ts'
import type { Queries } from './database.ts'
import { takenIf } from './taken.ts'

const asTaken = takenIf('role_account_id_name_key', {
  what: 'role',
  field: 'name',
  reason: 'another role has this name',
})

export function createRoleReader(db: Queries, accountId: string): RoleReader {
  const all = db.selectFrom('role').selectAll().where('accountId', '=', accountId)
  return {
    find: async (id) => (await all.where('id', '=', id).executeTakeFirst()) ?? null,
    list: () => all.orderBy('name').execute(),
  }
}

export function createRoles(db: Queries, accountId: string, now: Date): Transaction['roles'] {
  return {
    ...createRoleReader(db, accountId),
    lock: async (id) =>
      (await db
        .selectFrom('role')
        .selectAll()
        .where('accountId', '=', accountId)
        .where('id', '=', id)
        .forUpdate()
        .executeTakeFirst()) ?? null,
    insert: (role) =>
      db.insertInto('role').values(role).returningAll().executeTakeFirstOrThrow().catch(asTaken),
    save: async ({ id, name, permissions, scope, updatedAt }) => {
      await db
        .updateTable('role')
        .set({ name, permissions, scope, updatedAt })
        .where('accountId', '=', accountId)
        .where('id', '=', id)
        .execute()
        .catch(asTaken)
    },
    isUsed: (roleId) => isUsed(db, { accountId, roleId, now }),
    remove: (roleId) => remove(db, accountId, roleId),
  }
}

async function isUsed(
  db: Queries,
  { accountId, roleId, now }: { accountId: string; roleId: string; now: Date },
): Promise<boolean> {
  const { rows } = await sql<{ isUsed: boolean }>`
    select exists (select 1 from operator where account_id = ${accountId} and role_id = ${roleId})
        or exists (select 1 from invitation where account_id = ${accountId} and role_id = ${roleId}
                      and accepted_at is null and revoked_at is null and expires_at > ${now}) as is_used
  `.execute(db)
  return rows[0]?.isUsed ?? false
}

/** Invitations that are over promise nothing any more. */
async function remove(db: Queries, accountId: string, roleId: string): Promise<void> {
  await db
    .updateTable('invitation')
    .set({ roleId: null })
    .where('accountId', '=', accountId)
    .where('roleId', '=', roleId)
    .execute()
  await db.deleteFrom('role').where('accountId', '=', accountId).where('id', '=', roleId).execute()
}
