import type { Runner, RunnerOptions, TaskList } from 'graphile-worker'
import { Logger as WorkerLogger, parseCronItems, run, runOnce } from 'graphile-worker'
import type { Pool } from 'pg'
import type { Logger } from '../platform/logger.ts'

/** How many jobs one process works on at once. */
const CONCURRENCY = 4
/** Jobs announce themselves; this only finds what an announcement lost. */
const POLL_MS = 2000
/** Pause before a runner that gave up is replaced. */
const RESTART_MS = 1000
const BEGIN_MS = 10_000

export type Tasks = Record<string, (payload: unknown) => Promise<void>>

/** Runs jobs, for ever or until none is due. */
export interface Worker {
  start(): Promise<void>
  /** Works off whatever is due, then returns. */
  drain(): Promise<void>
  stop(): Promise<void>
}

/** What is done again and again: a task, and when, as cron writes it. */
export interface Recurring {
  task: string
  match: string
}

export function createWorker(parts: {
  pool: Pool
  tasks: Tasks
  recurring: Recurring[]
  log: Logger
}): Worker {
  const { log } = parts
  const options: RunnerOptions = {
    pgPool: parts.pool,
    taskList: asTaskList(parts.tasks),
    concurrency: CONCURRENCY,
    pollInterval: POLL_MS,
    noHandleSignals: true,
    // Unbatched, a report that cannot reach the database is a rejection nobody handles, and ends the process.
    preset: { worker: { completeJobBatchDelay: 0, failJobBatchDelay: 0 } },
    logger: new WorkerLogger(() => (level, message, meta) => {
      if (level === 'error') log.error({ meta }, message)
      else if (level === 'warning') log.warn(message)
      else log.debug(message)
    }),
  }
  let isWanted = false
  let runner: Runner | null = null

  async function begin(): Promise<void> {
    const begun = await inTime(run({ ...options, parsedCronItems: parseCronItems(parts.recurring) }))
    runner = begun
    const replace = (cause?: unknown) => {
      if (runner !== begun) return
      runner = null
      if (cause !== undefined) log.warn({ err: cause }, 'the job runner stopped')
      restart()
    }
    // A runner that loses its database in the middle of a job gives up; another one takes over.
    begun.promise.then(() => replace(), replace)
    // It may never end, though: after a failed report it can wait for ever for others that have long arrived.
    begun.events.once('pool:gracefulShutdown', () => {
      setTimeout(() => {
        if (runner !== begun) return
        replace()
        void stop(begun)
      }, RESTART_MS).unref()
    })
  }

  /** A runner whose database is lost while it begins may wait for ever: another one is begun then, and this one ended if it ever comes. */
  async function inTime(beginning: Promise<Runner>): Promise<Runner> {
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<null>((resolve) => {
      timer = setTimeout(() => resolve(null), BEGIN_MS).unref()
    })
    const begun = await Promise.race([beginning, late]).finally(() => clearTimeout(timer))
    if (begun) return begun
    beginning.then(stop, (error: unknown) => log.debug({ err: error }, 'a job runner did not begin'))
    throw new Error(`The job runner did not begin within ${BEGIN_MS} ms.`)
  }

  const stop = (stopping: Runner | null) =>
    stopping?.stop().catch((error: unknown) => log.debug({ err: error }, 'the job runner had stopped'))

  function restart(): void {
    if (!isWanted) return
    setTimeout(() => {
      if (!isWanted) return
      begin().catch((error: unknown) => {
        log.warn({ err: error }, 'the job runner does not start')
        restart()
      })
    }, RESTART_MS)
  }

  return {
    start: async () => {
      isWanted = true
      await begin()
    },
    drain: () => runOnce(options),
    stop: async () => {
      isWanted = false
      await stop(runner)
      runner = null
    },
  }
}

function asTaskList(tasks: Tasks): TaskList {
  return Object.fromEntries(
    Object.entries(tasks).map(([name, task]) => [name, (payload: unknown) => task(payload)]),
  )
}
