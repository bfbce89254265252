import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { Client } from 'pg'
import { createLogger } from '../server/src/platform/logger.ts'
import { openPostgres } from '../server/src/platform/postgres/open.ts'

const CLI = join(import.meta.dirname, '../server/src/main/cli.ts')

/** What the demo tells of an account, as far as benchmarks need it. */
export interface DemoAccount {
  id: string
  number: number
  tokens: Record<'blingerApp' | 'blingerWidget' | 'pact' | 'linktor' | 'native', string>
  operators: { id: string; number: number }[]
  channels: { id: string; number: number; kind: string; widgetKey?: string }[]
}

/** The program in a process of its own, as a user would run it, with the demo's accounts. */
export interface RunningServer extends AsyncDisposable {
  child: ChildProcess
  port: number
  account: DemoAccount
}

export interface StartOptions {
  nodeArguments?: string[]
  /** Environment settings on top of the usual ones. */
  settings?: Record<string, string>
}

/** Starts the demo on a free port, over the directory and the database given. */
export async function startDemo(
  dataDir: string,
  databaseUrl: string,
  { nodeArguments = [], settings = {} }: StartOptions = {},
): Promise<RunningServer> {
  const child = spawn(process.execPath, [...nodeArguments, CLI, 'demo'], {
    env: {
      PATH: process.env.PATH,
      PORT: '0',
      PARLEY_DATA_DIR: dataDir,
      DATABASE_URL: databaseUrl,
      PARLEY_LOG_LEVEL: 'warn',
      ...settings,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  for await (const line of createInterface({ input: child.stdout })) if (line.startsWith('Ctrl-C')) break
  child.stdout.resume()
  const { origin, accounts } = JSON.parse(await readFile(join(dataDir, 'demo.json'), 'utf8'))
  const stop = async () => {
    if (child.exitCode !== null) return
    child.kill('SIGINT')
    await once(child, 'exit')
  }
  return { child, port: Number(new URL(origin).port), account: accounts[0], [Symbol.asyncDispose]: stop }
}

/** A database, the program over it, and a look into the database. */
export interface Bench extends AsyncDisposable {
  server: RunningServer
  client: Client
  databaseUrl: string
  /** Ends the program and starts it again over the same data. */
  restart(): Promise<void>
}

/** Everything a benchmark of the running program needs, in a directory of its own that goes with it. */
export async function openBench({
  postgres: extraSettings = {},
  server: settings = {},
}: { postgres?: Record<string, string>; server?: Record<string, string> } = {}): Promise<Bench> {
  const stack = new AsyncDisposableStack()
  const directory = await mkdtemp(join(tmpdir(), 'parley-bench-'))
  stack.defer(() => rm(directory, { recursive: true, force: true }))
  const postgres = stack.use(
    await openPostgres({
      dataDir: join(directory, 'database'),
      log: createLogger('error'),
      extraSettings,
    }),
  )
  const start = () => startDemo(join(directory, 'server'), postgres.url, { settings })
  let server = await start()
  stack.defer(() => server[Symbol.asyncDispose]())
  const client = new Client({ connectionString: postgres.url })
  client.on('error', () => undefined)
  await client.connect()
  stack.defer(() => client.end())
  const dispose = () => stack.disposeAsync()
  return {
    get server() {
      return server
    },
    restart: async () => {
      await server[Symbol.asyncDispose]()
      server = await start()
    },
    ...{ client, databaseUrl: postgres.url, [Symbol.asyncDispose]: dispose },
  }
}
