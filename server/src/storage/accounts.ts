import type { Reader } from '../application/ports/reader.ts'
import type { Transaction } from '../application/ports/transaction.ts'
import type { Account } from '../domain/account.ts'
import type { Queries } from './database.ts'
import type { Known } from './known.ts'
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
