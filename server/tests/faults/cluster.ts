// A PostgreSQL of the test's own, as durable as a real one, to be killed and restarted.
import { onTestFinished } from 'vitest'
import { createLogger } from '../../src/platform/logger.ts'
import { openPostgres, type EmbeddedPostgres } from '../../src/platform/postgres/open.ts'
import { killDatabase, makeDataDir, query, until } from './program.ts'

export interface Cluster {
  url: string
  /** Kills every process of it at once, as a crash of the machine would; it is started again by itself. */
  kill(): void
  /** A shutdown that ends running transactions, and a start. */
  restart(): Promise<void>
  /** A shutdown that does not even write down what is in memory; it is started again by itself. */
  quit(): void
  /** Ends every connection, and nothing else. */
  disconnectAll(): Promise<void>
  /** Resolves once it answers again. */
  isBack(): Promise<void>
  /** Its keeper gives up on a database that ends again and again; a new keeper has seen nothing of that. */
  prepareToDie(): Promise<void>
}

/** So many deaths a keeper puts up with within a minute. */
const MOST_DEATHS = 3

export async function openCluster(): Promise<Cluster> {
  const dataDir = makeDataDir()
  const open = () => openPostgres({ dataDir, log: createLogger('silent') })
  let postgres: EmbeddedPostgres = await open()
  onTestFinished(() => postgres.close())
  let deaths = 0
  let killed = 0
  const restart = async () => {
    await postgres.close()
    postgres = await open()
    deaths = 0
  }
  const die = () => {
    deaths += 1
    killed = postgres.pid()
  }
  return {
    url: postgres.url,
    restart,
    kill: () => {
      die()
      killDatabase(dataDir)
    },
    quit: () => {
      die()
      process.kill(killed, 'SIGQUIT')
    },
    disconnectAll: async () => {
      await query({ databaseUrl: postgres.url }, END_ALL)
    },
    isBack: async () => {
      await until('the database is another process', () => postgres.pid() !== killed)
      await until('the database answers', async () => {
        await query({ databaseUrl: postgres.url }, 'select')
        return true
      })
    },
    prepareToDie: async () => {
      if (deaths === MOST_DEATHS) await restart()
    },
  }
}

const END_ALL = `select pg_terminate_backend(pid) from pg_stat_activity
  where pid <> pg_backend_pid() and backend_type = 'client backend'`
