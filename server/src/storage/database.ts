import type { Transaction as KyselyTransaction } from 'kysely'
import { CamelCasePlugin, Kysely, PostgresDialect } from 'kysely'
import { Pool, TypeOverrides } from 'pg'
import type { Tables } from './tables.ts'

export type Database = Kysely<Tables>
export type Tx = KyselyTransaction<Tables>
/** Anything that can be queried: the pool, or one transaction. */
export type Queries = Database | Tx

const INT8 = 20
const XID8 = 5069

/** A pool whose 64-bit integers are numbers: every counter and name of ours stays far below 2^53. */
export function createPool(url: string, settings: { max: number; onError(error: Error): void }): Pool {
  const types = new TypeOverrides()
  types.setTypeParser(INT8, Number)
  types.setTypeParser(XID8, Number)
  const pool = new Pool({
    connectionString: url,
    max: settings.max,
    types,
    connectionTimeoutMillis: 5000,
    statement_timeout: 30_000,
    idle_in_transaction_session_timeout: 60_000,
    application_name: 'parley',
  })
  // An idle client that loses its server must not end the process; the pool replaces it.
  pool.on('error', settings.onError)
  pool.on('connect', (client) => client.on('error', settings.onError))
  return pool
}

export function createDatabase(pool: Pool): Database {
  return new Kysely<Tables>({
    dialect: new PostgresDialect({ pool }),
    plugins: [new CamelCasePlugin({ maintainNestedObjectKeys: true })],
  })
}
