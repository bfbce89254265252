import { randomBytes } from 'node:crypto'
import { setTimeout } from 'node:timers/promises'
import { Client, type QueryResultRow } from 'pg'
import { inject } from 'vitest'
import type { DemoAccount } from '../src/main/demo.ts'
import type { Extras } from './extras.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    /** An administrator's address of the run's PostgreSQL. */
    postgresUrl: string
    /** The migrated, empty database that `cloneDatabase` copies. */
    templateDatabase: string
    /** The same with the demo's accounts in it, and what is known of them. */
    furnishedDatabase: string
    demoAccounts: DemoAccount[]
    /** In the order of the accounts. */
    extras: Extras[]
  }
}

export interface TestDatabase extends AsyncDisposable {
  url: string
  drop(): Promise<void>
}

/** A migrated database for the caller alone, about 15 ms: `await using database = await cloneDatabase()`. */
export async function cloneDatabase(from: 'empty' | 'furnished' = 'empty'): Promise<TestDatabase> {
  const admin = inject('postgresUrl')
  const name = uniqueName('parley_test')
  const template = inject(from === 'empty' ? 'templateDatabase' : 'furnishedDatabase')
  // Files are copied faster than pages are written to the log, where nothing waits for a disk.
  await runSql(admin, `create database ${name} template ${template} strategy file_copy`)
  const drop = () => dropDatabase(admin, name)
  return { url: withDatabase(admin, name), drop, [Symbol.asyncDispose]: drop }
}

/** In PostgreSQL's words: somebody is still connected. */
const IN_USE = '55006'

/** Drops it once its last connection has gone; by force when one stays. A connection cut in the act of closing would throw. */
async function dropDatabase(admin: string, name: string): Promise<void> {
  for (let tries = 0; tries < 100; tries += 1) {
    try {
      return await runSql(admin, `drop database if exists ${name}`)
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === IN_USE)) throw error
      await setTimeout(10)
    }
  }
  await runSql(admin, `drop database if exists ${name} with (force)`)
}

/** The same server, another database. */
export function withDatabase(url: string, name: string): string {
  const other = new URL(url)
  other.pathname = `/${name}`
  return other.href
}

export function uniqueName(prefix: string): string {
  return `${prefix}_${randomBytes(6).toString('hex')}`
}

export async function runSql(url: string, sql: string): Promise<void> {
  await querySql(url, sql)
}

/** The rows of one statement, on a connection of its own. */
export async function querySql<Row extends QueryResultRow>(url: string, sql: string): Promise<Row[]> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query<Row>(sql)).rows
  } finally {
    await client.end()
  }
}
