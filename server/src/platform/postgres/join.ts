import { readFileSync } from 'node:fs'
import { realpath } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { DirectoryInUse } from '../lock.ts'
import { StartError } from '../start-error.ts'
import { openPostgres, urlOf, type OpenPostgres } from './open.ts'
import { reachDatabase } from './reach.ts'

/** A Parley that is just starting recovers, or makes, its database first. */
const PATIENCE_MS = 20_000
const PAUSE_MS = 100

/** The embedded database for as long as it is needed: that of the Parley which runs on the directory, else started for us. */
export async function joinPostgres(options: OpenPostgres): Promise<{ url: string } & AsyncDisposable> {
  try {
    return await openPostgres(options)
  } catch (error) {
    if (!(error instanceof DirectoryInUse)) throw error
    const url = await runningUrl(options.dataDir)
    return { url, [Symbol.asyncDispose]: () => Promise.resolve() }
  }
}

/** Where the database of another process answers, once it does. It lets in whoever runs as the same user, nobody else. */
async function runningUrl(dataDir: string): Promise<string> {
  const end = performance.now() + PATIENCE_MS
  for (;;) {
    try {
      const url = urlOf(
        { socketDirectory: socketDirectoryIn(join(await realpath(dataDir), 'postgres')) },
        'parley',
      )
      await reachDatabase(url)
      return url
    } catch (error) {
      const isPassing = error instanceof StartError || (error instanceof Error && 'code' in error)
      if (!isPassing || performance.now() > end) throw error
      await delay(PAUSE_MS)
    }
  }
}

/** As the running server was told when it was started. */
function socketDirectoryIn(directory: string): string {
  const settings = readFileSync(join(directory, 'postgresql.conf'), 'utf8')
  const told = /^unix_socket_directories = '(.*)'$/m.exec(settings)?.[1]?.replaceAll("''", "'") ?? '.'
  return told === '.' ? directory : told
}
