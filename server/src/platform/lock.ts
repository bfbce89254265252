import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { StartError } from './start-error.ts'

/** Somebody else holds it. */
export class DirectoryInUse extends StartError {
  override readonly name = 'DirectoryInUse'
}

/**
 * Holds a directory for this process alone, until `release` or the process ends in whatever way.
 *
 * The lock is the kernel's (an fcntl lock): a killed process leaves none behind, and there is no pid to be mistaken
 * for somebody else's. Node has no call for such locks, but its SQLite takes one: an empty database, held exclusively.
 */
export function lockDirectory(directory: string): { release(): void } {
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  const holder = join(directory, 'parley.pid')
  const path = join(directory, 'parley.lock')
  const lock = new DatabaseSync(path)
  try {
    // Whoever can read the file can hold it against us.
    chmodSync(path, 0o600)
    lock.exec('pragma locking_mode = exclusive; begin exclusive')
  } catch (error) {
    lock.close()
    if (!(error instanceof Error) || !error.message.includes('locked')) throw error
    throw new DirectoryInUse(
      `Another Parley (process ${readHolder(holder)}) is running on ${directory}`,
      error,
    )
  }
  // Only for the sentence above; nothing decides by it.
  writeFileSync(holder, `${process.pid}\n`, { mode: 0o600 })
  return { release: () => lock.close() }
}

function readHolder(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim() || 'unknown'
  } catch {
    return 'unknown'
  }
}
