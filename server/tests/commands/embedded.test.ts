// Without DATABASE_URL: the database that Parley runs itself, whether it is running or not.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, expect, test } from 'vitest'
import { makeRunFolder } from '../run-folders.ts'
import { done, parley } from './program.ts'

const CLI = join(import.meta.dirname, '../../src/main/cli.ts')
const dataDir = makeRunFolder()
const env = { PARLEY_DATA_DIR: dataDir }
afterAll(() => rmSync(dataDir, { recursive: true, force: true }))

/** The server on the same directory. */
async function serve() {
  const child = spawn(process.execPath, [CLI, 'serve'], {
    cwd: '/',
    env: { PATH: process.env.PATH, PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
    timeout: 50_000,
    killSignal: 'SIGINT',
  })
  const ended = once(child, 'exit')
  for await (const line of createInterface({ input: child.stdout })) {
    if (!line.startsWith('{')) continue
    const { address } = JSON.parse(line) as { address?: string }
    if (address === undefined) continue
    child.stdout.resume()
    return {
      origin: address,
      stop: async () => {
        child.kill('SIGINT')
        await ended
      },
    }
  }
  throw new Error('the server did not start')
}

test('an account is made before there was ever a server; beside one, commands work and are felt', async () => {
  const words = ['account', 'create', '--name', 'Corner', '--owner-email', 'kim@corner.example', '--json']
  const account = (await done(words, env)).json
  const token = (await done(['token', 'create', '--kind', 'native', '--name', 'before', '--json'], env)).json
  const server = await serve()
  try {
    const knock = async (secret: string) =>
      (await fetch(`${server.origin}/parley/v1/account`, { headers: { authorization: `Bearer ${secret}` } }))
        .status
    expect(await knock(token.secret)).toBe(200)
    const beside = (await done(['token', 'create', '--kind', 'native', '--name', 'beside', '--json'], env))
      .json
    expect(await knock(beside.secret)).toBe(200)
    await done(['token', 'revoke', '--token', token.id], env)
    await expect.poll(() => knock(token.secret), { timeout: 5000, interval: 50 }).toBe(401)
    expect(await knock(beside.secret)).toBe(200)
    const second = await parley(['serve'], { ...env, PORT: '0' })
    expect(second).toMatchObject({ code: 1, stderr: expect.stringContaining('is running on') })
  } finally {
    await server.stop()
  }
  const left = (await done(['token', 'list', '--json'], env)).json
  expect(left).toEqual([expect.objectContaining({ name: 'beside' })])
  expect((await done(['account', 'list', '--json'], env)).json).toEqual([
    expect.objectContaining({ id: account.id, name: 'Corner' }),
  ])
})
