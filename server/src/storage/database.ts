import type { Transaction as KyselyTransaction } from 'kysely'
import { CamelCasePlugin, Kysely, PostgresDialect } from 'kysely'
import { Pool, TypeOverrides, type PoolClient } from 'pg'
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
  const open = new Set<PoolClient>()
  opened.set(pool, open)
  pool.on('connect', (client) => {
    open.add(client)
    client.once('end', () => open.delete(client))
    client.on('error', settings.onError)
    prepareStatements(client)
  })
  return pool
}

/** The connections of each pool that are not closed yet. */
const opened = new WeakMap<Pool, Set<PoolClient>>()
const GOODBYE_MS = 1000

/** Ends a pool, and waits until its connections are closed: a database that is stopped right after would call them lost. */
export async function closePool(pool: Pool): Promise<void> {
  const ended = (client: PoolClient) => new Promise<void>((resolve) => void client.once('end', resolve))
  const closed = [...(opened.get(pool) ?? [])].map(ended)
  await pool.end()
  const late = new Promise((resolve) => void setTimeout(resolve, GOODBYE_MS).unref())
  await Promise.race([Promise.all(closed), late])
}

/** Statements longer than this are lists of changing length: each would be prepared for one use. */
const LONGEST_PREPARED = 10_000
/** Per connection; past it new texts are sent unprepared. */
const MOST_PREPARED = 300
/** Begins a statement whose best plan depends on its values: it is never prepared, so that it is planned for them each time. */
export const PLANNED_ANEW = '/* planned anew */'
/** In PostgreSQL's words: a migration changed what a prepared statement returns. */
const STALE_PLAN = '0A000'

/** Has each connection prepare what it is asked again and again, so that the server parses and plans it once. */
function prepareStatements(client: PoolClient): void {
  const names = new Map<string, string>()
  let made = 0
  const query = client.query.bind(client) as (...asked: unknown[]) => unknown
  const nameOf = (text: string): string | null => {
    const known = names.get(text)
    if (known !== undefined) return known
    if (text.length > LONGEST_PREPARED || names.size === MOST_PREPARED) return null
    if (text.startsWith(PLANNED_ANEW)) return null
    const name = `p${made++}`
    names.set(text, name)
    return name
  }
  const prepared = (text: unknown, values: unknown, ...rest: unknown[]) => {
    if (typeof text !== 'string' || !Array.isArray(values) || values.length === 0)
      return query(text, values, ...rest)
    const name = nameOf(text)
    if (name === null) return query(text, values, ...rest)
    const answer = query({ name, text, values }, ...rest)
    if (!(answer instanceof Promise)) return answer
    return answer.catch((error: unknown) => {
      // Whatever else was prepared may be stale too: all of it is prepared anew, under other names.
      if (error instanceof Error && 'code' in error && error.code === STALE_PLAN) names.clear()
      throw error
    })
  }
  Object.assign(client, { query: prepared })
}

export function createDatabase(pool: Pool): Database {
  return new Kysely<Tables>({
    dialect: new PostgresDialect({ pool }),
    plugins: [new CamelCasePlugin({ maintainNestedObjectKeys: true })],
  })
}
