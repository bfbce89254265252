import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Logger } from '../logger.ts'
import { within } from '../shutdown.ts'
import { StartError } from '../start-error.ts'
import type { Cluster, Place } from './cluster.ts'

const READY = 'database system is ready to accept connections'
const FAST_LIMIT_MS = 5000

export interface ServerProcess {
  readonly pid: number
  /** Settles when the server has ended, for whatever reason. */
  readonly exited: Promise<void>
  /** A fast shutdown; an immediate one when that takes more than 5 s. */
  stop(): Promise<void>
}

/** Starts the server program on a cluster and waits until it takes connections, however long a recovery takes. */
export async function startServerProcess(
  cluster: Cluster,
  place: Place,
  log: Logger,
): Promise<ServerProcess> {
  const { runner, binaries } = place
  const args = ['-D', runner.path(cluster.directory), '-c', `cluster_name=${cluster.name}`]
  const child = runner.spawn(join(binaries, 'bin', 'postgres'), args, {
    cwd: cluster.directory,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const exited = once(child, 'close').then(
    () => undefined,
    (error: unknown) => log.error({ err: error }, 'could not run the database'),
  )
  const stop = stopper(child, exited)
  await untilReady(child, exited, log)
  return { pid: child.pid ?? 0, exited, stop }
}

/** Also ends the server with a process that exits without stopping it first. Only kill -9 leaves it to the next start. */
function stopper(child: ChildProcess, exited: Promise<void>): () => Promise<void> {
  let lastResort: NodeJS.Signals = 'SIGINT'
  const onExit = () => void child.kill(lastResort)
  process.once('exit', onExit)
  void exited.then(() => process.off('exit', onExit))
  return async () => {
    lastResort = 'SIGQUIT'
    child.kill('SIGINT')
    if ((await within(FAST_LIMIT_MS, exited)) === 'done') return
    child.kill('SIGQUIT')
    await exited
  }
}

async function untilReady(child: ChildProcess, exited: Promise<void>, log: Logger) {
  if (!child.stderr) throw new Error('the database was started without a log')
  const lines = createInterface({ input: child.stderr })
  let lastFatal = ''
  let onReady: () => void
  const ready = new Promise<'ready'>((resolve) => {
    onReady = () => resolve('ready')
  })
  lines.on('line', (line) => {
    if (line.includes(READY)) onReady()
    if (line.startsWith('FATAL: ') || line.startsWith('PANIC: ')) lastFatal = line
    logLine(line, log)
  })
  if ((await Promise.race([ready, exited])) === 'ready') return
  throw new StartError(
    `The built-in PostgreSQL did not start. ${lastFatal || 'It said nothing about the reason.'}`,
  )
}

function logLine(line: string, log: Logger) {
  const severity = /^([A-Z]+):/.exec(line)?.[1]
  if (severity === 'PANIC') log.error({ line }, 'database')
  else if (severity === 'FATAL' || severity === 'WARNING') log.warn({ line }, 'database')
  else log.debug({ line }, 'database')
}
