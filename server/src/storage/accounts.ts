import { sql } from 'kysely'
import type { Reader } from '../application/ports/reader.ts'
import type { Transaction } from '../application/ports/transaction.ts'
import type { Account } from '../domain/account.ts'
import type { Queries } from './database.ts'
import type { Known } from './known.ts'
import { accountRows } from './load.ts'
import type { Secrets } from './secrets.ts'

export function createAccounts(db: Queries, accountId: string, known: Known): Transaction['accounts'] {
  const current = async (): Promise<Account> => {
    const account = await known.account(db, accountId)
    if (!account) throw new Error('An actor speaks for an account that is not there.')
    return account
  }
  return {
    current,
    exists: async () => (await known.account(db, accountId)) !== null,
    insert: async (account) => {
      await db.insertInto('account').values(account).execute()
      return current()
    },
    save: async ({ name, phone, description, updatedAt }) => {
      await db
        .updateTable('account')
        .set({ name, phone, description, updatedAt })
        .where('id', '=', accountId)
        .execute()
    },
  }
}

export function createTokenReader(db: Queries, accountId: string): Reader['tokens'] {
  const live = db
    .selectFrom('token')
    .select(['id', 'accountId', 'kind', 'name', 'operatorId', 'permissions', 'scopes'])
    .select(['expiresAt', 'lastUsedAt', 'rateLimit', 'createdAt'])
    .where('accountId', '=', accountId)
    .where('revokedAt', 'is', null)
  return {
    list: (kind) =>
      (kind ? live.where('kind', '=', kind) : live)
        .orderBy('createdAt', 'desc')
        .orderBy('id', 'desc')
        .execute(),
    page: ({ kind, afterId, limit }) => {
      const ofKind = kind ? live.where('kind', '=', kind) : live
      // A token that was revoked meanwhile keeps its place.
      const place = sql<boolean>`(created_at, id) < (select created_at, id from token
        where account_id = ${accountId} and id = ${afterId})`
      return (afterId === null ? ofKind : ofKind.where(place))
        .orderBy('createdAt', 'desc')
        .orderBy('id', 'desc')
        .limit(limit)
        .execute()
    },
  }
}

export function createTokens(
  db: Queries,
  { accountId, now, secrets }: { accountId: string; now: Date; secrets: Secrets },
): Transaction['tokens'] {
  return {
    ...createTokenReader(db, accountId),
    revoke: async (tokenId, kind) => {
      const live = db
        .updateTable('token')
        .set({ revokedAt: now })
        .where('accountId', '=', accountId)
        .where('id', '=', tokenId)
        .where('revokedAt', 'is', null)
      const { numUpdatedRows } = await (kind ? live.where('kind', '=', kind) : live).executeTakeFirst()
      return numUpdatedRows > 0n
    },
    insert: async (token, secret) => {
      await db
        .insertInto('token')
        .values({ ...token, secretHash: secrets.hash(secret) })
        .execute()
    },
  }
}

/** Every account of this server, oldest first: for whoever sits at its command line. */
export async function listAccounts(db: Queries): Promise<Account[]> {
  const rows = await db.selectFrom('account').select('id').orderBy('number').execute()
  const accounts = await accountRows(
    db,
    rows.map(({ id }) => id),
  )
  return accounts.sort((a, b) => a.number - b.number)
}
