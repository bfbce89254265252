// A furnished database of the run's PostgreSQL with a proxy before it, and processes of the server on either.
import { inject } from 'vitest'
import type { DemoAccount } from '../../src/main/demo.ts'
import { SECRET } from '../compose.ts'
import { cloneDatabase } from '../postgres.ts'
import type { Chance } from './chance.ts'
import { openDrill, type Drill } from './drill.ts'
import { makeDataDir, startCli, type Started } from './program.ts'
import { openDatabaseProxy, type DatabaseProxy } from './proxy.ts'

export interface Furnished extends AsyncDisposable {
  drill: Drill
  proxy: DatabaseProxy
  accounts: DemoAccount[]
  /** A process with these settings, on the database itself or by way of the proxy. */
  start(by: 'itself' | 'proxy', env: Record<string, string>): Promise<Started>
}

export async function openFurnished(name: string, chance: Chance): Promise<Furnished> {
  await using opened = new AsyncDisposableStack()
  const database = opened.use(await cloneDatabase('furnished'))
  const proxy = opened.use(await openDatabaseProxy(database.url))
  const accounts = structuredClone(inject('demoAccounts'))
  const dataDir = makeDataDir()
  const started = new Set<Started>()
  // Before the database can be dropped they must be gone.
  opened.defer(async () => {
    for (const { child, ended } of started) {
      child.kill('SIGKILL')
      await ended
    }
  })
  const stack = opened.move()
  return {
    drill: openDrill({ name, chance, accounts, databaseUrl: database.url }),
    proxy,
    accounts,
    start: async (by, env) => {
      const url = by === 'proxy' ? proxy.url : database.url
      const given = { DATABASE_URL: url, PARLEY_SECRET: SECRET, ...env }
      const server = await startCli({ dataDir, env: given }).listening()
      started.add(server)
      return server
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  }
}
