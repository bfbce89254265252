import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { inject } from 'vitest'

const ROOT = join(import.meta.dirname, '../..')
const START_LIMIT_MS = 60_000

interface DemoAccount {
  id: string
  tokens: Record<'blingerApp' | 'blingerWidget' | 'native', string>
  owner: { email: string; password: string }
  operators: { id: string; name: string }[]
  channels: { id: string; kind: string; widgetKey?: string }[]
}

/** Where the demo is, and what is in it. */
export interface Running {
  origin: string
  port: number
  account: DemoAccount
  widgetKey: string
}

export interface Program extends Running {
  /** Asks the native API in the account's name. */
  ask(method: string, path: string, body?: object): Promise<Answer>
}

/** The demo, running on its own. */
export interface OwnProgram extends Program, AsyncDisposable {
  /** Ends the process as an operator of the machine would, or as a power cut would. */
  stop(signal?: 'SIGTERM' | 'SIGKILL'): Promise<void>
  start(): Promise<void>
}

// oxlint-disable-next-line typescript/no-explicit-any -- tests look into answers of every shape
export type Answer = any

/** The demo that all files share. */
export function sharedProgram(): Program {
  return asking(inject('program'))
}

export async function openProgram(): Promise<OwnProgram> {
  // Does nothing when nothing has changed; an old one would show what is not so any more.
  await build()
  const dataDir = await mkdtemp(join(tmpdir(), 'parley-e2e-'))
  const port = await freePort()
  let child: ChildProcess | null = null

  async function start(): Promise<void> {
    child = spawn(join(ROOT, 'node_modules/.bin/node'), ['server/src/main/cli.ts', 'demo'], {
      cwd: ROOT,
      env: { ...process.env, PORT: String(port), PARLEY_DATA_DIR: dataDir },
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    const deadline = Date.now() + START_LIMIT_MS
    while (!(await isUp(port))) {
      if (child.exitCode !== null || Date.now() > deadline) throw new Error('The demo did not start.')
      await delay(50)
    }
  }

  async function stop(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> {
    if (!child || child.exitCode !== null || child.signalCode !== null) return
    const gone = once(child, 'exit')
    child.kill(signal)
    await gone
  }

  await start()
  const { accounts } = JSON.parse(await readFile(join(dataDir, 'demo.json'), 'utf8')) as {
    accounts: DemoAccount[]
  }
  const [account] = accounts
  const widgetKey = account?.channels.find((channel) => channel.widgetKey)?.widgetKey
  if (!account || !widgetKey) throw new Error('The demo has an account with a web chat.')
  const origin = `http://127.0.0.1:${port}`
  return {
    ...asking({ origin, port, account, widgetKey }),
    ...{ start, stop },
    [Symbol.asyncDispose]: async () => {
      await stop()
      await rm(dataDir, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

function asking(running: Running): Program {
  const { origin, account } = running
  return {
    ...running,
    ask: async (method, path, body) => {
      const answer = await fetch(`${origin}/parley/v1${path}`, {
        method,
        headers: {
          authorization: `Bearer ${account.tokens.native}`,
          ...(body && { 'content-type': 'application/json' }),
        },
        ...(body && { body: JSON.stringify(body) }),
      })
      const text = await answer.text()
      if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`)
      return text === '' ? null : JSON.parse(text)
    },
  }
}

async function build(): Promise<void> {
  const child = spawn(join(ROOT, 'node_modules/.bin/node'), ['widget/scripts/build.ts'], {
    cwd: ROOT,
    stdio: 'inherit',
  })
  const [code] = await once(child, 'exit')
  if (code !== 0) throw new Error('The widget could not be built.')
}

async function isUp(port: number): Promise<boolean> {
  return fetch(`http://127.0.0.1:${port}/ready`).then(
    ({ ok }) => ok,
    () => false,
  )
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('listening nowhere')
  server.close()
  await once(server, 'close')
  return address.port
}
