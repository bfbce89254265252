import { sql } from 'kysely'
import type { Transaction } from '../application/ports/transaction.ts'
import type { Account } from '../domain/account.ts'
import type { Queries } from './database.ts'
import type { Secrets } from './secrets.ts'

export function createAccounts(db: Queries, accountId: string): Transaction['accounts'] {
  const current = async (): Promise<Account> => {
    const { rows } = await sql<Account>`
      select a.*, coalesce(o.number, 0) as owner_number from account a
        left join operator o on o.account_id = a.id and o.id = a.owner_id
       where a.id = ${accountId}
    `.execute(db)
    if (!rows[0]) throw new Error('An actor speaks for an account that is not there.')
    return rows[0]
  }
  return {
    current,
    insert: async (account) => {
      await db.insertInto('account').values(account).execute()
      return current()
    },
  }
}

export function createTokens(db: Queries, secrets: Secrets): Transaction['tokens'] {
  return {
    insert: async (token, secret) => {
      await db
        .insertInto('token')
        .values({ ...token, secretHash: secrets.hash(secret) })
        .execute()
    },
  }
}
