import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Logger, runMigrations } from 'graphile-worker'
import { Client } from 'pg'
import { settleInstallation } from './installation.ts'

const DIRECTORY = join(import.meta.dirname, '../../migrations')
/** Advisory lock of whoever migrates; the number means nothing. */
const MIGRATION_LOCK = 7_236_401

/** Brings the database to the newest schema, ours and the worker's; several at once wait for each other. */
export async function migrate(databaseUrl: string): Promise<void> {
  const client = new Client({ connectionString: databaseUrl, application_name: 'parley-migrate' })
  await client.connect()
  try {
    await client.query('select pg_advisory_lock($1)', [MIGRATION_LOCK])
    await client.query(
      'create table if not exists schema_migration (name text primary key, applied_at timestamptz not null default now())',
    )
    const applied = await client.query<{ name: string }>('select name from schema_migration')
    const done = new Set(applied.rows.map((row) => row.name))
    for (const name of await pendingFiles(done)) await apply(client, name)
    await settleInstallation(client)
  } finally {
    await client.end()
  }
  await runMigrations({ connectionString: databaseUrl, logger: new Logger(() => () => undefined) })
}

async function pendingFiles(done: ReadonlySet<string>): Promise<string[]> {
  const files = await readdir(DIRECTORY)
  return files.filter((file) => /^\d{4}-.+\.sql$/.test(file) && !done.has(file)).sort()
}

async function apply(client: Client, name: string): Promise<void> {
  const sql = await readFile(join(DIRECTORY, name), 'utf8')
  await client.query('begin')
  await client.query(sql)
  await client.query('insert into schema_migration (name) values ($1)', [name])
  await client.query('commit')
}
