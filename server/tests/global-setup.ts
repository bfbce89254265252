import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import type { TestProject } from 'vitest/node'
import { createLogger } from '../src/platform/logger.ts'
import { openPostgres } from '../src/platform/postgres/open.ts'
import type { DemoAccount } from '../src/main/demo.ts'
import { migrate } from '../src/storage/migrate.ts'
import { composeForTests } from './compose.ts'
import { addExtras, type Extras } from './extras.ts'
import { runSql, uniqueName, withDatabase } from './postgres.ts'
import { clearAbandoned, makeRunFolder } from './run-folders.ts'

/** Speed over durability: nothing here outlives the run. */
const FAST = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  max_connections: '200',
  // Autovacuum would hold connections to the template that is being copied.
  autovacuum: 'off',
}

/** One PostgreSQL for the whole run, or the one at PARLEY_TEST_DATABASE_URL, with a migrated database to copy. */
export async function setup(project: TestProject) {
  const stack = new AsyncDisposableStack()
  try {
    const admin = process.env.PARLEY_TEST_DATABASE_URL ?? (await openTestPostgres(stack))
    const template = uniqueName('parley_template')
    await runSql(admin, `create database ${template}`)
    stack.defer(() => runSql(admin, `drop database if exists ${template} with (force)`))
    await migrate(withDatabase(admin, template))
    project.provide('postgresUrl', admin)
    project.provide('templateDatabase', template)
    const furnished = uniqueName('parley_furnished')
    await runSql(admin, `create database ${furnished} template ${template}`)
    stack.defer(() => runSql(admin, `drop database if exists ${furnished} with (force)`))
    project.provide('furnishedDatabase', furnished)
    const { accounts, extras } = await seed(withDatabase(admin, furnished))
    project.provide('demoAccounts', accounts)
    project.provide('extras', extras)
  } catch (error) {
    await stack.disposeAsync()
    throw error
  }
  return () => stack.disposeAsync()
}

async function openTestPostgres(stack: AsyncDisposableStack): Promise<string> {
  await clearAbandoned()
  const dataDir = makeRunFolder()
  stack.defer(() => rm(dataDir, { recursive: true, force: true }))
  return stack.use(await openPostgres({ dataDir, log: createLogger('error'), extraSettings: FAST })).url
}

/** The demo's accounts, made once: hashing their passwords takes longer than most tests. */
async function seed(databaseUrl: string): Promise<{ accounts: DemoAccount[]; extras: Extras[] }> {
  const composed = await composeForTests(databaseUrl, tmpdir(), {
    env: { PARLEY_FETCH_ALLOW: '127.0.0.1:1' },
  })
  try {
    const accounts = await composed.seedDemo([])
    const extras = []
    for (const account of accounts) extras.push(await addExtras(composed, account))
    return { accounts, extras }
  } finally {
    await composed.close()
  }
}
