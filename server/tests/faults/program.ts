// The program as a child process, for tests that kill it.
import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { chownSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { setTimeout as delay } from 'node:timers/promises'
import { Client } from 'pg'
import { onTestFinished } from 'vitest'
import type { DemoAccount } from '../../src/main/demo.ts'
import { nameOf } from '../../src/platform/postgres/cluster.ts'
import { findProcesses } from '../../src/platform/postgres/processes.ts'
import { makeRunFolder } from '../run-folders.ts'
import { sized } from './chance.ts'

const CLI = join(import.meta.dirname, '../../src/main/cli.ts')
const LIMIT_MS = 15_000

export interface User {
  uid: number
  gid: number
}

export interface Started {
  child: ChildProcess
  dataDir: string
  origin: string
  databaseUrl: string
  ended: Promise<Ended>
  /** The pid of the database server, from its own lock file. */
  postmaster(): number
  stop(): Promise<void>
  connectAs(user: User): Promise<void>
}

interface Ended {
  code: number | null
  stderr: string
}

interface StartCli {
  dataDir: string
  env?: Record<string, string>
  args?: string[]
  user?: User
}

/** Another user, when there is one who can read the program. */
export const NOBODY = { uid: 65534, gid: 65534, canRun: canRunAs({ uid: 65534, gid: 65534 }) }
if (process.getuid?.() !== 0 || !NOBODY.canRun) {
  process.stderr.write('SKIPPED: tests of other users need root, and a folder that others can read\n')
}

const living = new Set<StartCli>()

/** Where a data directory may be. The long forms write too much for memory, and are to meet a disk. */
export const newFolder = sized({
  short: makeRunFolder,
  long: () => mkdtempSync(join(tmpdir(), 'parley-')),
})

/** A folder of the test, gone with it. The longest names are short enough for a socket. */
export function makeDataDir(owner?: User): string {
  const dataDir = newFolder()
  if (owner) chownSync(dataDir, owner.uid, owner.gid)
  onTestFinished(() => rmSync(dataDir, { recursive: true, force: true }))
  return dataDir
}

/** A copy of a directory that a server has made and left: spares the test the making of a database. */
export function copyDataDir(prepared: string): string {
  const dataDir = makeDataDir()
  execFileSync('cp', ['-a', `${prepared}/.`, dataDir])
  return dataDir
}

/** Starts the program; it is killed with its database when the test ends. `listening()` waits until it answers. */
export function startCli(options: StartCli) {
  const started = launchCli(options)
  living.add(options)
  onTestFinished(async () => {
    started.child.kill('SIGKILL')
    await started.ended
    living.delete(options)
    // A server that still lives on the directory would bring its database back.
    if (![...living].some(({ dataDir }) => dataDir === options.dataDir)) await killAll(options.dataDir)
  })
  return started
}

/** The same outside of a test: the caller stops it. */
export function launchCli({ dataDir, env = {}, args = ['serve'], user }: StartCli) {
  const child = spawn(process.execPath, [CLI, ...args], {
    ...user,
    cwd: '/',
    env: { PATH: process.env.PATH, PORT: '0', PARLEY_DATA_DIR: dataDir, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const ended: Promise<Ended> = Promise.all([once(child, 'exit'), text(child.stderr)]).then(
    ([[code], stderr]: [unknown[], string]) => ({ code: typeof code === 'number' ? code : null, stderr }),
  )
  return { child, ended, listening: () => waitForOrigin({ child, dataDir, ended }, env) }
}

async function waitForOrigin(
  program: Pick<Started, 'child' | 'dataDir' | 'ended'>,
  env: Record<string, string>,
): Promise<Started> {
  const { child, dataDir, ended } = program
  // Whoever ends without having said where it listens says why.
  const said = readOrigin(child).then<string | Ended>((address) => address ?? ended)
  const origin = await Promise.race([said, ended, delay(LIMIT_MS)])
  if (typeof origin !== 'string') throw new Error(`did not start: ${origin?.stderr ?? 'too slow'}`)
  return {
    ...program,
    origin,
    databaseUrl: env.DATABASE_URL ?? databaseUrl(dataDir),
    postmaster: () => Number.parseInt(readFileSync(join(dataDir, 'postgres/postmaster.pid'), 'utf8'), 10),
    stop: async () => {
      child.kill('SIGINT')
      await ended
    },
    connectAs: async (user) => connectAs(user, databaseUrl(dataDir)),
  }
}

async function readOrigin(child: ChildProcess): Promise<string | undefined> {
  if (!child.stdout) throw new Error('no output to read')
  for await (const line of createInterface({ input: child.stdout })) {
    const entry: unknown = JSON.parse(line)
    if (entry && typeof entry === 'object' && 'address' in entry && 'origin' in entry) {
      child.stdout.resume()
      // A worker listens nowhere.
      return typeof entry.address === 'string' ? entry.address : String(entry.origin)
    }
  }
  return undefined
}

/** The accounts of a server that was started as `demo`. */
export async function readDemoAccounts(dataDir: string): Promise<DemoAccount[]> {
  const path = join(dataDir, 'demo.json')
  await until('the demo is told', () => existsSync(path))
  const { accounts } = JSON.parse(readFileSync(path, 'utf8')) as { accounts: DemoAccount[] }
  return accounts
}

/** As the server itself makes it: the socket lies beside the data, or under /tmp when that path is too long. */
function databaseUrl(dataDir: string): string {
  const settings = readFileSync(join(dataDir, 'postgres/postgresql.conf'), 'utf8')
  const directory = /^unix_socket_directories = '(.*)'$/m.exec(settings)?.[1] ?? '.'
  const socket = directory === '.' ? join(dataDir, 'postgres') : directory
  return `postgres://parley@localhost/parley?host=${encodeURIComponent(socket)}`
}

/** One query over a connection of its own. */
export async function query(server: Pick<Started, 'databaseUrl'>, sql: string, values: unknown[] = []) {
  const client = new Client({ connectionString: server.databaseUrl })
  client.on('error', () => undefined)
  await client.connect()
  try {
    return (await client.query<Record<string, unknown>>(sql, values)).rows
  } finally {
    await client.end()
  }
}

/** Connecting from a process of another user; its error when refused. */
function connectAs({ uid, gid }: User, url: string) {
  const script = `
    const { Client } = require('pg')
    const client = new Client({ connectionString: process.argv[1] })
    client.connect().then(() => client.end(), (error) => { console.error(error.message); process.exitCode = 1 })`
  execFileSync(process.execPath, ['-e', script, url], { uid, gid, cwd: import.meta.dirname, stdio: 'pipe' })
}

export function databaseProcesses({ dataDir }: { dataDir: string }): number[] {
  const directory = join(dataDir, 'postgres')
  return existsSync(directory) ? findProcesses(nameOf(directory)).map(({ pid }) => pid) : []
}

/** Kills every process of the database at once, as a crash of the machine would. */
export function killDatabase(dataDir: string) {
  for (const pid of databaseProcesses({ dataDir })) {
    try {
      process.kill(pid, 'SIGKILL')
    } catch {
      // Gone meanwhile.
    }
  }
}

async function killAll(dataDir: string) {
  killDatabase(dataDir)
  await until('no database process is left', () => databaseProcesses({ dataDir }).length === 0)
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

/** Waits for a condition that must come true soon; what it throws on the way counts as not yet. */
export async function until(what: string, isTrue: () => boolean | Promise<boolean>, limitMs = LIMIT_MS) {
  const end = performance.now() + limitMs
  while (performance.now() < end) {
    if (
      await Promise.resolve()
        .then(isTrue)
        .catch(() => false)
    )
      return
    await delay(10)
  }
  throw new Error(`still not true: ${what}`)
}

function canRunAs(user: User): boolean {
  if (process.getuid?.() !== 0) return false
  try {
    execFileSync(process.execPath, [CLI, '--help'], { ...user, cwd: '/', stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
