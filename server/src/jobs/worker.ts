import type { Runner, RunnerOptions, TaskList } from 'graphile-worker'
import { Logger as WorkerLogger, run, runOnce } from 'graphile-worker'
import type { Pool } from 'pg'
import type { Logger } from '../platform/logger.ts'

/** How many jobs one process works on at once. */
const CONCURRENCY = 4
/** Jobs announce themselves; this only finds what an announcement lost. */
const POLL_MS = 2000

export type Tasks = Record<string, (payload: unknown) => Promise<void>>

/** Runs jobs, for ever or until none is due. */
export interface Worker {
  start(): Promise<void>
  /** Works off whatever is due, then returns. */
  drain(): Promise<void>
  stop(): Promise<void>
}

export function createWorker(parts: { pool: Pool; tasks: Tasks; log: Logger }): Worker {
  let runner: Runner | null = null
  const options: RunnerOptions = {
    pgPool: parts.pool,
    taskList: asTaskList(parts.tasks),
    concurrency: CONCURRENCY,
    pollInterval: POLL_MS,
    noHandleSignals: true,
    noPreparedStatements: false,
    crontab: '',
    logger: new WorkerLogger(() => (level, message, meta) => {
      if (level === 'error') parts.log.error({ meta }, message)
      else if (level === 'warning') parts.log.warn(message)
      else parts.log.debug(message)
    }),
  }
  return {
    start: async () => {
      runner = await run(options)
    },
    drain: () => runOnce(options),
    stop: async () => {
      await runner?.stop()
      runner = null
    },
  }
}

function asTaskList(tasks: Tasks): TaskList {
  return Object.fromEntries(
    Object.entries(tasks).map(([name, task]) => [name, (payload: unknown) => task(payload)]),
  )
}
