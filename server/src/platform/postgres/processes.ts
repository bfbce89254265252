import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { Logger } from '../logger.ts'
import { StartError } from '../start-error.ts'
import type { Cluster } from './cluster.ts'

interface Found {
  pid: number
  isPostmaster: boolean
}

/**
 * Ends what an earlier Parley that was killed left running on this cluster. Only for the holder of the directory's
 * lock: then nobody else can be using these processes. A server gets a fast shutdown; backends that outlived their
 * server end by themselves, or are ended. Data is safe throughout: whatever is unfinished was never answered.
 */
export async function stopLeftovers(cluster: Pick<Cluster, 'name' | 'directory'>, log: Logger) {
  for (const round of ['ask', 'insist', 'kill'] as const) {
    const found = findProcesses(cluster.name)
    if (found.length === 0) return forgetForeignPids(cluster.directory)
    log.warn(
      { pids: found.map(({ pid }) => pid), round },
      'ending the database processes of a Parley that died',
    )
    signalAll(found, round)
    await waitUntilGone(cluster.name, 5000)
  }
  if (findProcesses(cluster.name).length > 0) {
    throw new StartError(`Processes of an earlier database on ${cluster.directory} do not end`)
  }
}

function signalAll(found: Found[], round: 'ask' | 'insist' | 'kill') {
  const postmaster = found.filter(({ isPostmaster }) => isPostmaster)
  // A living postmaster ends its own children in the first round.
  const asked = round === 'ask' && postmaster.length > 0 ? postmaster : found
  for (const { pid, isPostmaster } of asked) {
    signal(pid, { ask: isPostmaster ? 'SIGINT' : 'SIGTERM', insist: 'SIGQUIT', kill: 'SIGKILL' }[round])
  }
}

function signal(pid: number, name: string) {
  try {
    process.kill(pid, name)
  } catch {
    // Gone meanwhile, or not ours to end: the next look tells.
  }
}

async function waitUntilGone(name: string, limitMs: number) {
  const end = performance.now() + limitMs
  while (performance.now() < end && findProcesses(name).length > 0) await delay(20)
}

/** By title, since other facts about another user's processes (their directory) are hidden from root in containers. */
export function findProcesses(name: string): Found[] {
  return (process.platform === 'linux' ? listFromProc() : listFromPs())
    .filter(({ title }) => title.includes(name))
    .map(({ pid, title }) => ({ pid, isPostmaster: !title.startsWith('postgres: ') }))
}

function listFromProc(): { pid: number; title: string }[] {
  const pids = readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))
  return pids.flatMap((pid) => {
    try {
      if (readFileSync(`/proc/${pid}/comm`, 'utf8').trim() !== 'postgres') return []
      return [{ pid: Number(pid), title: readFileSync(`/proc/${pid}/cmdline`, 'utf8') }]
    } catch {
      return []
    }
  })
}

function listFromPs(): { pid: number; title: string }[] {
  const lines = execFileSync('ps', ['-axo', 'pid=,command='], { encoding: 'utf8' }).split('\n')
  return lines.flatMap((line) => {
    const [pid = '', ...words] = line.trimStart().split(' ')
    const title = words.join(' ').trimStart()
    return /^\d+$/.test(pid) && title.includes('postgres') ? [{ pid: Number(pid), title }] : []
  })
}

/**
 * PostgreSQL takes a live process with the pid in its lock files for itself and refuses to start, though after a crash
 * or in a new container the pid may be anybody's. By now no process of this cluster lives. Where the pid is dead the
 * file stays, and with it PostgreSQL's own check for shared memory in use.
 */
function forgetForeignPids(directory: string) {
  for (const name of ['postmaster.pid', '.s.PGSQL.5432.lock']) {
    const path = join(directory, name)
    const pid = readPid(path)
    if (pid !== null && isAlive(pid)) rmSync(path, { force: true })
  }
}

function readPid(path: string): number | null {
  try {
    return Number.parseInt(readFileSync(path, 'utf8'), 10) || null
  } catch {
    return null
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
