import type { Logger } from '../logger.ts'
import type { Cluster, Place } from './cluster.ts'
import { stopLeftovers } from './processes.ts'
import { startServerProcess } from './server.ts'

/** A server that ends more often than this is ill, and starting it again would only hide it. */
const MOST_RESTARTS = 3
const WINDOW_MS = 60_000

interface Supervised {
  cluster: Cluster
  place: Place
  log: Logger
  onExit: (error: Error) => void
}

/**
 * Keeps the server running. One that was killed is started again under the same address, after the last of its
 * backends is gone: connections break, committed data stays, and the pools connect anew.
 */
export async function superviseServer({ cluster, place, log, onExit }: Supervised) {
  const start = async () => {
    await stopLeftovers(cluster, log)
    return startServerProcess(cluster, place, log)
  }
  const restarts: number[] = []
  let isClosing = false
  let current = await start()

  async function keepRunning() {
    for (;;) {
      await current.exited
      if (isClosing) return
      const now = Date.now()
      if (restarts.filter((time) => now - time < WINDOW_MS).length >= MOST_RESTARTS) {
        throw new Error('the database keeps ending')
      }
      restarts.push(now)
      log.error('the database has ended unexpectedly; starting it again')
      current = await start()
      if (isClosing) await current.stop()
    }
  }

  const kept = keepRunning().catch((error: unknown) => {
    if (!isClosing) onExit(error instanceof Error ? error : new Error(String(error)))
  })
  return {
    pid: () => current.pid,
    close: async () => {
      isClosing = true
      await current.stop()
      await kept
    },
  }
}
