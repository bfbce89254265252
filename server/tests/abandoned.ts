import { existsSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { lockDirectory } from '../src/platform/lock.ts'
import { createLogger } from '../src/platform/logger.ts'
import { nameOf } from '../src/platform/postgres/cluster.ts'
import { stopLeftovers } from '../src/platform/postgres/processes.ts'

export const RUN_PREFIX = 'parley-test-'
/** A run that has just made its folder may not have locked it yet. */
const YOUNGEST_MS = 10 * 60_000

/** A run that was killed leaves its PostgreSQL and its folder behind. The next one clears them away. */
export async function clearAbandoned() {
  for (const name of readdirSync(tmpdir()).filter((entry) => entry.startsWith(RUN_PREFIX))) {
    const dataDir = join(tmpdir(), name)
    if (!isOld(dataDir) || isInUse(dataDir)) continue
    const directory = join(dataDir, 'postgres')
    if (existsSync(directory))
      await stopLeftovers({ directory, name: nameOf(directory) }, createLogger('silent'))
    rmSync(dataDir, { recursive: true, force: true })
  }
}

function isOld(path: string): boolean {
  const found = statSync(path, { throwIfNoEntry: false })
  return found !== undefined && Date.now() - found.mtimeMs > YOUNGEST_MS
}

/** In use, or not ours to touch. */
function isInUse(dataDir: string): boolean {
  try {
    lockDirectory(dataDir).release()
    return false
  } catch {
    return true
  }
}
