import {
  accessSync,
  constants,
  existsSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statfsSync,
  statSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { lockDirectory } from '../src/platform/lock.ts'
import { createLogger } from '../src/platform/logger.ts'
import { nameOf } from '../src/platform/postgres/cluster.ts'
import { stopLeftovers } from '../src/platform/postgres/processes.ts'

const RUN_PREFIX = 'parley-test-'
/** A run that has just made its folder may not have locked it yet. */
const YOUNGEST_MS = 10 * 60_000
/** Linux's folder in memory. */
const MEMORY = '/dev/shm'
/** Some 200 MB are used; containers often have no more than 64. */
const ROOM_BYTES = 2 * 1024 ** 3

/**
 * A folder for the data of a PostgreSQL, in memory where there is room. On a disk the copying of a database's four
 * hundred files grows from 40 ms to 300 as its journal fills, here it stays at 15; a start waits for no disk either.
 */
export function makeRunFolder(): string {
  return mkdtempSync(join(hasMemory() ? MEMORY : tmpdir(), RUN_PREFIX))
}

function hasMemory(): boolean {
  try {
    accessSync(MEMORY, constants.W_OK)
    const { bavail, bsize } = statfsSync(MEMORY)
    return bavail * bsize >= ROOM_BYTES
  } catch {
    return false
  }
}

/** A run that was killed leaves its PostgreSQL and its folder behind. The next one clears them away. */
export async function clearAbandoned() {
  for (const place of [MEMORY, tmpdir()].filter((path) => existsSync(path))) await clearPlace(place)
}

async function clearPlace(place: string) {
  for (const name of readdirSync(place).filter((entry) => entry.startsWith(RUN_PREFIX))) {
    const dataDir = join(place, name)
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
