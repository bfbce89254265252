import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

const CLI = join(import.meta.dirname, '../server/src/main/cli.ts')

/** What the demo tells of an account, as far as benchmarks need it. */
export interface DemoAccount {
  id: string
  number: number
  tokens: Record<'blingerApp' | 'blingerWidget' | 'pact' | 'linktor' | 'native', string>
  operators: { id: string; number: number }[]
  channels: { id: string; number: number; kind: string }[]
}

/** The program in a process of its own, as a user would run it, with the demo's accounts. */
export interface RunningServer extends AsyncDisposable {
  child: ChildProcess
  port: number
  account: DemoAccount
}

/** Starts the demo on a free port, over the directory and the database given. */
export async function startDemo(
  dataDir: string,
  databaseUrl: string,
  nodeArguments: string[] = [],
): Promise<RunningServer> {
  const child = spawn(process.execPath, [...nodeArguments, CLI, 'demo'], {
    env: {
      PATH: process.env.PATH,
      PORT: '0',
      PARLEY_DATA_DIR: dataDir,
      DATABASE_URL: databaseUrl,
      PARLEY_LOG_LEVEL: 'warn',
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
