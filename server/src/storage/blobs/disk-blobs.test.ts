import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { ByteStream } from '../../application/ports/files.ts'
import { createDiskBlobs } from './disk-blobs.ts'

let directory: string
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'parley-blobs-'))
})
afterEach(() => rm(directory, { recursive: true, force: true }))

async function* bytes(...chunks: (string | Uint8Array)[]): ByteStream {
  for (const chunk of chunks) yield Buffer.from(chunk)
}

async function read(stream: ByteStream): Promise<string> {
  const chunks: Uint8Array[] = []
  for await (const chunk of stream) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}

async function filesBelow(path: string): Promise<string[]> {
  const entries = await readdir(path, { recursive: true, withFileTypes: true })
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

describe('put', () => {
  test('names the content by its digest', async () => {
    const blobs = createDiskBlobs(directory)
    const digest = sha256('hello world')
    expect(await blobs.put(bytes('hello', '', ' world'), 100)).toEqual({ digest, size: 11 })
    const path = join(directory, digest.slice(0, 2), digest.slice(2, 4), digest)
    expect(await filesBelow(directory)).toEqual([path])
    expect(await readFile(path, 'utf8')).toBe('hello world')
  })

  test('keeps one blob for one content, also at once', async () => {
    const blobs = createDiskBlobs(directory)
    const puts = Array.from({ length: 20 }, () => blobs.put(bytes('same'), 100))
    expect(new Set((await Promise.all(puts)).map((put) => put.digest))).toEqual(new Set([sha256('same')]))
    await blobs.put(bytes('sa', 'me'), 100)
    expect(await filesBelow(directory)).toHaveLength(1)
  })

  test('refuses past the limit while streaming, not after', async () => {
    const blobs = createDiskBlobs(directory)
    let given = 0
    async function* endless(): ByteStream {
      for (;;) {
        given += 1000
        yield Buffer.alloc(1000)
      }
    }
    await expect(blobs.put(endless(), 10_000)).rejects.toMatchObject({ code: 'file_too_large' })
    expect(given).toBe(11_000)
    expect(await filesBelow(directory)).toEqual([])
    expect((await blobs.put(bytes('x'.repeat(10_000)), 10_000)).size).toBe(10_000)
  })

  test('leaves nothing behind when the source breaks', async () => {
    const blobs = createDiskBlobs(directory)
    async function* broken(): ByteStream {
      yield Buffer.from('half')
      throw new Error('cut')
    }
    for (let i = 0; i < 50; i += 1) await expect(blobs.put(broken(), 100)).rejects.toThrow('cut')
    expect(await filesBelow(directory)).toEqual([])
    expect(
      await readdir('/proc/self/fd').then(
        (fds) => fds.length,
        () => 0,
      ),
    ).toBeLessThan(60)
  })

  test('holds a constant amount of memory', async () => {
    const blobs = createDiskBlobs(directory)
    const size = 300 * 1024 * 1024
    async function* large(): ByteStream {
      for (let done = 0; done < size; done += 65_536) yield Buffer.alloc(65_536, done)
    }
    const before = process.memoryUsage.rss()
    expect((await blobs.put(large(), size)).size).toBe(size)
    expect(process.memoryUsage.rss() - before).toBeLessThan(120 * 1024 * 1024)
  })
})

describe('open', () => {
  test('gives bytes, ranges, and null for what it has not', async () => {
    const blobs = createDiskBlobs(directory)
    const { digest } = await blobs.put(bytes('0123456789'), 100)
    const whole = await blobs.open(digest)
    expect([whole?.size, whole && (await read(whole.stream))]).toEqual([10, '0123456789'])
    const part = await blobs.open(digest, { start: 2, end: 4 })
    expect([part?.size, part && (await read(part.stream))]).toEqual([10, '234'])
    for (const name of [sha256('other'), '', '../../etc/passwd', digest.toUpperCase(), `${digest}\n`]) {
      expect(await blobs.open(name), name).toBeNull()
    }
  })

  test('an answer that is never read, or left early, holds no descriptor', async () => {
    const blobs = createDiskBlobs(directory)
    const { digest } = await blobs.put(bytes('x'.repeat(200_000)), 1_000_000)
    const count = () =>
      readdir('/proc/self/fd').then(
        (fds) => fds.length,
        () => 0,
      )
    const before = await count()
    for (let i = 0; i < 50; i += 1) await blobs.open(digest)
    for (let i = 0; i < 50; i += 1) for await (const _ of (await blobs.open(digest))?.stream ?? []) break
    await expect.poll(count).toBeLessThanOrEqual(before + 2)
  })
})

test('the start sweeps what a crash left an hour ago, and no upload under way', async () => {
  const incoming = join(directory, 'incoming')
  await mkdir(incoming, { recursive: true })
  await writeFile(join(incoming, 'old'), 'x')
  await writeFile(join(incoming, 'new'), 'x')
  const past = new Date(Date.now() - 2 * 60 * 60 * 1000)
  await utimes(join(incoming, 'old'), past, past)
  createDiskBlobs(directory)
  await expect.poll(() => readdir(incoming)).toEqual(['new'])
})

test('a store that cannot be prepared says so at the first put', async () => {
  await writeFile(join(directory, 'file'), 'x')
  const blobs = createDiskBlobs(join(directory, 'file'))
  await expect(blobs.put(bytes('x'), 10)).rejects.toMatchObject({ code: 'ENOTDIR' })
})
