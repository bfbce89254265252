import { mkdir, realpath } from 'node:fs/promises'
import { join } from 'node:path'
import type { Logger } from '../logger.ts'
import { lockDirectory } from '../lock.ts'
import { findBinaries } from './binaries.ts'
import { ensureCluster, syncCluster, type Cluster, type Place } from './cluster.ts'
import { withConnection } from './reach.ts'
import { chooseRunner } from './runner.ts'
import type { Settings } from './settings.ts'
import { removeSocketDirectory } from './socket-directory.ts'
import { superviseServer } from './supervise.ts'

const DATABASE = 'parley'

export interface OpenPostgres {
  dataDir: string
  log: Logger
  /** Told when the server has ended and could not be started again. */
  onExit?: (error: Error) => void
  /** Over our own settings; tests give up durability for speed with it. */
  extraSettings?: Settings
}

export interface EmbeddedPostgres extends AsyncDisposable {
  /** Stays the same when the server is started again, and for every later start on this directory. */
  readonly url: string
  /** The server's pid of this moment. */
  pid(): number
  close(): Promise<void>
}

/** A PostgreSQL of our own under `<dataDir>/postgres`, reachable only for the user we are, through a socket there. */
export async function openPostgres(options: OpenPostgres): Promise<EmbeddedPostgres> {
  const { log, onExit = () => undefined, extraSettings = {} } = options
  await using opened = new AsyncDisposableStack()
  await mkdir(options.dataDir, { recursive: true, mode: 0o700 })
  const dataDir = await realpath(options.dataDir)
  const lock = lockDirectory(dataDir)
  opened.defer(() => lock.release())

  const runner = chooseRunner(join(dataDir, 'postgres'))
  const place: Place = { dataDir, runner, binaries: findBinaries(runner.owner) }
  const cluster = await ensureCluster(place, extraSettings)
  opened.defer(() => removeSocketDirectory(cluster.socketDirectory, cluster.directory))
  const server = await superviseServer({ cluster, place, log, onExit })
  opened.defer(() => server.close())

  const url = urlOf(cluster, DATABASE)
  await ensureDatabase(cluster)
  if (cluster.isNew) {
    const synced = syncCluster(place, cluster.directory).catch((error: unknown) =>
      log.error({ err: error }, 'could not make the new database files durable'),
    )
    opened.defer(() => synced)
  }
  const stack = opened.move()
  const close = () => stack.disposeAsync()
  return { url, pid: server.pid, close, [Symbol.asyncDispose]: close }
}

/** Over a socket: the kernel says who comes. */
export function urlOf({ socketDirectory }: Pick<Cluster, 'socketDirectory'>, database: string): string {
  return `postgres://parley@localhost/${database}?host=${encodeURIComponent(socketDirectory)}`
}

async function ensureDatabase(cluster: Cluster) {
  await withConnection(urlOf(cluster, 'postgres'), async (client) => {
    const { rowCount } = await client.query('select from pg_database where datname = $1', [DATABASE])
    if (rowCount === 0) await client.query(`create database ${DATABASE}`)
  })
}
