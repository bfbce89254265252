import { isIPv6 } from 'node:net'
import type { FastifyInstance } from 'fastify'
import type { Config } from '../platform/config.ts'
import { createLogger, type Logger } from '../platform/logger.ts'
import { openPostgres } from '../platform/postgres/open.ts'
import { reachDatabase } from '../platform/postgres/reach.ts'
import { loadSecret } from '../platform/secrets.ts'
import { within } from '../platform/shutdown.ts'
import { StartError } from '../platform/start-error.ts'
import type { Composed } from './compose.ts'

/** Half of the five seconds a stop may take: the database, which stops last, must get its turn. */
const CLOSE_LIMIT_MS = 2500

/** Connections that may wait to be taken. After a restart all visitors knock at once: past this they would knock again after a second, then three. */
const BACKLOG = 4096

export interface RunningServer extends AsyncDisposable {
  /** Where it answers; `http.publicOrigin` when that is set. */
  origin: string
  databaseUrl: string
  close(): Promise<void>
}

export interface ServeOptions {
  log?: Logger
  /** Told when the running server has lost its database for good. */
  onFailure?: (error: Error) => void
  /** Done before the first request can come in. */
  prepare?: (composed: Composed) => Promise<void>
}

/** Starts everything in order. What fails on the way closes what was open already; a fault people can mend is a StartError. */
export async function startServer(config: Config, options: ServeOptions = {}): Promise<RunningServer> {
  const log = options.log ?? createLogger(config.log.level)
  await using opened = new AsyncDisposableStack()
  const secret = await loadSecret(config)
  // Node loads the rest while the database starts in a process of its own.
  const [databaseUrl, { migrate }, { compose }] = await Promise.all([
    openDatabase(config, opened, { ...options, log }),
    import('../storage/migrate.ts'),
    import('./compose.ts'),
  ])
  await migrate(databaseUrl)
  const composed = await compose({ config, databaseUrl, secret, log })
  opened.defer(async () => {
    const outcome = await within(CLOSE_LIMIT_MS, composed.close())
    if (outcome === 'late') log.warn('requests or jobs in progress were cut short')
  })
  await options.prepare?.(composed)
  const address = config.roles.has('web') ? await listen(composed.app, config) : null
  const origin = config.http.publicOrigin ?? address ?? originOf(config.http.host, config.http.port)
  if (config.roles.has('worker')) await composed.startWorkers()
  log.info({ origin, address, roles: [...config.roles] }, 'listening')
  const stack = opened.move()
  const close = () => stack.disposeAsync()
  return {
    origin,
    databaseUrl,
    close,
    [Symbol.asyncDispose]: close,
  }
}

async function openDatabase(
  config: Config,
  opened: AsyncDisposableStack,
  options: ServeOptions & { log: Logger },
) {
  if (config.database.url !== null) {
    await reachDatabase(config.database.url)
    return config.database.url
  }
  const { log, onFailure } = options
  return opened.use(await openPostgres({ dataDir: config.dataDir, log, onExit: onFailure })).url
}

async function listen(app: FastifyInstance, { http }: Config): Promise<string> {
  try {
    await app.listen({
      host: http.host,
      port: http.port,
      backlog: BACKLOG,
      listenTextResolver: (address) => `bound to ${address}`,
    })
  } catch (error) {
    throw new StartError(`Cannot listen on ${http.host} port ${http.port}: ${whyNot(error)}`, error)
  }
  const bound = app.server.address()
  if (bound === null || typeof bound === 'string') throw new Error('listening nowhere')
  return originOf(bound.address, bound.port)
}

/** An address to type: not every address listened on (`0.0.0.0`) is one. */
export function originOf(address: string, port: number): string {
  if (address === '0.0.0.0' || address === '::') return `http://localhost:${port}`
  return isIPv6(address) ? `http://[${address}]:${port}` : `http://${address}:${port}`
}

function whyNot(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  const reasons: Record<string, string> = {
    EADDRINUSE: 'the port is taken by another program. Set PORT to another one, or to 0 for any',
    EACCES: 'this user may not use the port. Set PORT to one above 1023',
    EADDRNOTAVAIL: 'this machine has no such address. Set HOST to one it has',
    ENOTFOUND: 'there is no such host name. Set HOST to an address of this machine',
  }
  return reasons[code] ?? (error instanceof Error ? error.message : String(error))
}
