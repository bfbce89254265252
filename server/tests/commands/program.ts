// The program at its command line, as people and scripts run it.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { join } from 'node:path'
import { expect } from 'vitest'
import { administer } from '../../src/main/commands/administer.ts'
import { failureOf } from '../../src/main/run-command.ts'

const CLI = join(import.meta.dirname, '../../src/main/cli.ts')
const LIMIT_MS = 50_000

export interface Ran {
  code: number | null
  stdout: string
  stderr: string
  /** What `--json` says; undefined without it. */
  // oxlint-disable-next-line typescript/no-explicit-any -- tests look into answers of every shape
  json: any
}

/** Runs the program to its end; one that does not come to it is killed. */
export async function parley(args: string[], env: Record<string, string>, input = ''): Promise<Ran> {
  const child = spawn(process.execPath, [CLI, ...args], {
    cwd: '/',
    env: { PATH: process.env.PATH, ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
    timeout: LIMIT_MS,
    killSignal: 'SIGKILL',
  })
  child.stdin.on('error', () => undefined)
  child.stdin.end(input)
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'exit') as Promise<[number | null]>,
  ])
  return { code, stdout, stderr, json: parse(stdout) }
}

/** What the program does with these words, without a process of its own: for what they mean, where how it starts and ends is not the matter. */
export async function inside(args: string[], env: Record<string, string>): Promise<Ran> {
  try {
    const stdout = await administer(args, env)
    return { code: 0, stdout, stderr: '', json: parse(stdout) }
  } catch (error) {
    const { code, said } = failureOf(error)
    return { code, stdout: '', stderr: said, json: undefined }
  }
}

/** The same, to be done. */
export async function done(args: string[], env: Record<string, string>, input?: string): Promise<Ran> {
  const ran = await parley(args, env, input)
  expect(ran, ran.stderr).toMatchObject({ code: 0, stderr: '' })
  return ran
}

function parse(stdout: string): unknown {
  try {
    return JSON.parse(stdout)
  } catch {
    return undefined
  }
}

/** One that goes on until it is stopped. */
export interface Running extends AsyncDisposable {
  /** What it has said so far, line by line. */
  lines(): string[]
  /** The line at that place, as soon as it is said. */
  line(at: number): Promise<string>
  /** As Ctrl-C does; how it ended, and what it complained of. */
  interrupt(): Promise<{ code: number | null; stderr: string }>
}

export function launch(args: string[], env: Record<string, string>): Running {
  const child = spawn(process.execPath, [CLI, ...args], {
    cwd: '/',
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: LIMIT_MS,
    killSignal: 'SIGKILL',
  })
  const said: string[] = []
  const reading = createInterface({ input: child.stdout })
  reading.on('line', (line) => void said.push(line))
  const ended = once(child, 'exit') as Promise<[number | null]>
  const complaints = text(child.stderr)
  const failed = ended.then(async ([code]) => {
    throw new Error(`It ended with ${code}: ${await complaints}`)
  })
  failed.catch(() => undefined)
  return {
    lines: () => said,
    line: async (at) => {
      while (said[at] === undefined) await Promise.race([once(reading, 'line'), failed])
      return said[at]
    },
    interrupt: async () => {
      child.kill('SIGINT')
      const [code] = await ended
      return { code, stderr: await complaints }
    },
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGKILL')
      await ended
    },
  }
}
