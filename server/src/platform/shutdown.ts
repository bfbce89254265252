import type { Logger } from './logger.ts'

export interface Shutdown {
  /** What is added last is stopped first. */
  add(name: string, step: () => Promise<void>): void
  /** Stops everything, once; later calls join the first. */
  stop(): Promise<void>
}

interface Options {
  log: Logger
  limitMs?: number
}

/** Stop steps in reverse order, each failure logged and none stopping the rest. */
export function createShutdown({ log, limitMs = 5000 }: Options): Shutdown {
  const steps: { name: string; step: () => Promise<void> }[] = []
  let stopping: Promise<void> | null = null

  async function runAll() {
    for (let next = steps.pop(); next; next = steps.pop()) {
      const { name, step } = next
      await step().catch((error: unknown) => log.error({ err: error, step: name }, 'could not stop cleanly'))
    }
  }

  async function runBounded() {
    const outcome = await within(limitMs, runAll())
    if (outcome === 'late') log.error({ limitMs }, 'stopping took too long and was cut short')
  }

  return {
    add: (name, step) => void steps.push({ name, step }),
    stop: () => (stopping ??= runBounded()),
  }
}

/**
 * SIGINT and SIGTERM stop the program in order; a second one ends it at once. The process is ended on purpose rather
 * than left to run dry: a forgotten timer must not keep a stopped server alive.
 */
export function stopOnSignals(shutdown: Shutdown, log: Logger) {
  let isStopping = false
  const onSignal = (signal: NodeJS.Signals) => {
    if (isStopping) process.exit(130)
    isStopping = true
    log.info({ signal }, 'stopping')
    void shutdown.stop().then(() => process.exit(0))
  }
  process.on('SIGINT', onSignal)
  process.on('SIGTERM', onSignal)
}

/** Waits for `work`, but no longer than `limitMs`. */
export async function within(limitMs: number, work: Promise<unknown>): Promise<'done' | 'late'> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(() => resolve('late'), limitMs)
  })
  try {
    return await Promise.race([work.then(() => 'done' as const), late])
  } finally {
    clearTimeout(timer)
  }
}
