import { once } from 'node:events'
import { chownSync, existsSync, mkdtempSync, readdirSync, readFileSync, renameSync, statSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { StartError } from '../start-error.ts'
import { syncDirectory, writeFileAtomically } from '../write-file.ts'
import { takeOwnership, type Runner } from './runner.ts'
import { settingsText, type Settings } from './settings.ts'
import { chooseSocketDirectory } from './socket-directory.ts'

/** The major version of the embedded programs; data of another one needs a dump and a restore. */
const MAJOR = '18'
export interface Cluster {
  directory: string
  socketDirectory: string
  /** In the title of each of its processes, so that they can be found again after a crash. */
  name: string
}

export interface Place {
  dataDir: string
  runner: Runner
  binaries: string
}

/** The cluster in `<dataDir>/postgres`, made if there is none; its settings are written anew at each start. */
export async function ensureCluster(
  place: Place,
  extraSettings: Settings,
): Promise<Cluster & { isNew: boolean }> {
  const directory = join(place.dataDir, 'postgres')
  const isNew = !existsSync(directory)
  if (isNew) await createCluster(place, directory)
  takeOwnership(directory, place.runner.owner)
  const version = readFileSync(join(directory, 'PG_VERSION'), 'utf8').trim()
  if (version !== MAJOR) {
    throw new StartError(
      `${directory} was made by PostgreSQL ${version}, this is ${MAJOR}: dump and restore it`,
    )
  }
  const name = nameOf(directory)
  const socketDirectory = chooseSocketDirectory(directory, name, place.runner.owner)
  const cluster = { directory, socketDirectory, name }
  await configure(cluster, place.runner, extraSettings)
  return { ...cluster, isNew }
}

/** Made under another name and renamed when whole: a crash leaves no half cluster to be mistaken for one. */
async function createCluster({ dataDir, runner, binaries }: Place, directory: string) {
  for (const name of readdirSync(dataDir).filter((entry) => entry.startsWith('postgres.new-'))) {
    // An initdb whose Parley was killed goes on writing for a moment: hence retries, and not rmSync, which in Node 24
    // comes back as if all were well when files appear meanwhile (9 of 12 times).
    await rm(join(dataDir, name), { recursive: true, force: true, maxRetries: 10, retryDelay: 50 })
  }
  const draft = mkdtempSync(join(dataDir, 'postgres.new-'))
  if (runner.owner) chownSync(draft, runner.owner.uid, runner.owner.gid)
  await runInitdb({ dataDir, runner, binaries }, draft, [
    '--no-sync',
    '--username=parley',
    '--auth-local=peer',
    '--auth-host=reject',
    '--encoding=UTF8',
    // The builtin provider needs no locale of the system and folds the case of all letters, not of ASCII only.
    '--locale=C',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
  ])
  renameSync(draft, directory)
}

/**
 * initdb's own fsync of a thousand files would double the first start (0.27 s of 0.68 s), so it is done beside the
 * first requests. Only a power cut within that moment of a server's whole life finds it undone.
 */
export async function syncCluster(place: Place, directory: string) {
  await runInitdb(place, directory, ['--sync-only'])
  await syncDirectory(place.dataDir)
}

async function runInitdb({ runner, binaries }: Place, directory: string, args: string[]) {
  const program = join(binaries, 'bin', 'initdb')
  const child = runner.spawn(program, ['--pgdata', runner.path(directory), ...args], {
    cwd: directory,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const kill = () => void child.kill('SIGKILL')
  process.once('exit', kill)
  const [complaint, [code]] = await Promise.all([
    child.stderr ? text(child.stderr) : '',
    once(child, 'close'),
  ])
  process.off('exit', kill)
  if (code === 0) return
  const reason = /^initdb: error: (.*)$/m.exec(complaint)?.[1] ?? complaint.trim().split('\n').at(-1)
  throw new StartError(`The built-in PostgreSQL could not make its files in ${directory}: ${reason}`)
}

/** The inode names the directory through a move, and tells a copy from its original. */
export function nameOf(directory: string): string {
  const { dev, ino } = statSync(directory)
  return `parley-${dev.toString(36)}-${ino.toString(36)}`
}

async function configure(cluster: Cluster, runner: Runner, extraSettings: Settings) {
  const write = (name: string, content: string) =>
    writeFileAtomically(join(cluster.directory, name), content, {
      mode: 0o600,
      owner: runner.owner ?? undefined,
    })
  const socket = cluster.socketDirectory === cluster.directory ? '.' : cluster.socketDirectory
  const own = { cluster_name: cluster.name, unix_socket_directories: socket }
  await write('postgresql.conf', settingsText({ ...own, ...extraSettings }))
  // Who comes in is decided by the kernel's word about the caller, so there is no password to keep or to steal.
  await write('pg_hba.conf', 'local all parley peer map=parley\n')
  await write('pg_ident.conf', `parley "${runner.client}" parley\n`)
}
