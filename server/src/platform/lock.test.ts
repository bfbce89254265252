import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { lockDirectory } from './lock.ts'

let directory = ''
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'parley-lock-'))
})
afterEach(() => rmSync(directory, { recursive: true }))

test('one holder at a time, within a process too', () => {
  const lock = lockDirectory(directory)
  expect(() => lockDirectory(directory)).toThrow(`Another Parley (process ${process.pid}) is running on`)
  lock.release()
  lockDirectory(directory).release()
})

test('a killed holder leaves no lock behind', async () => {
  const script = `
    import { lockDirectory } from '${import.meta.dirname}/lock.ts'
    lockDirectory(process.argv[1])
    console.log('held')
    setInterval(() => {}, 1000)`
  const holder = spawn(process.execPath, ['--input-type=module', '-e', script, directory])
  await once(holder.stdout, 'data')
  expect(() => lockDirectory(directory)).toThrow(`Another Parley (process ${holder.pid})`)
  holder.kill('SIGKILL')
  await once(holder, 'exit')
  lockDirectory(directory).release()
})
