import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { deriveKey, loadSecret, randomToken, seal, unseal } from './secrets.ts'

let dataDir = ''
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'parley-secrets-'))
})
afterEach(() => rm(dataDir, { recursive: true }))

test('the secret is made once, also by many at the same moment, and for our eyes only', async () => {
  const secrets = await Promise.all(Array.from({ length: 20 }, () => loadSecret({ secret: null, dataDir })))
  expect(new Set(secrets).size).toBe(1)
  expect(secrets[0]).toHaveLength(43)
  expect((await stat(join(dataDir, 'secret'))).mode & 0o777).toBe(0o600)
  expect(await readFile(join(dataDir, 'secret'), 'utf8')).toBe(secrets[0])
})

test('the secret of the settings goes first and is not written anywhere', async () => {
  const secret = randomToken(32)
  expect(await loadSecret({ secret, dataDir })).toBe(secret)
  await expect(stat(join(dataDir, 'secret'))).rejects.toThrow('ENOENT')
})

test.each(['', '   \n', 'short'])('a secret file holding %j stops the start', async (text) => {
  await writeFile(join(dataDir, 'secret'), text)
  await expect(loadSecret({ secret: null, dataDir })).rejects.toThrow('at least 32 characters')
})

test('a file that others may read is closed to them', async () => {
  await writeFile(join(dataDir, 'secret'), randomToken(32), { mode: 0o644 })
  await loadSecret({ secret: null, dataDir })
  expect((await stat(join(dataDir, 'secret'))).mode & 0o777).toBe(0o600)
})

test('what is sealed opens with the same key only', () => {
  const secret = randomToken(32)
  const key = deriveKey(secret, 'channel-credentials')
  const text = '123:tøken 🔑'
  expect(unseal(seal(text, key), key)).toBe(text)
  expect(seal(text, key)).not.toBe(seal(text, key))
  expect(unseal(seal(text, key), deriveKey(secret, 'sessions'))).toBeNull()
  expect(unseal(seal('', key), key)).toBe('')
})

test('no byte of a sealed text can be changed, and no tag cut short', () => {
  const key = deriveKey(randomToken(32), 'x')
  const bytes = Buffer.from(seal('secret', key), 'base64url')
  for (let index = 0; index < bytes.length; index++) {
    const forged = Buffer.from(bytes)
    forged.writeUInt8(bytes.readUInt8(index) ^ 1, index)
    expect(unseal(forged.toString('base64url'), key)).toBeNull()
    expect(unseal(bytes.subarray(0, index).toString('base64url'), key)).toBeNull()
  }
})
