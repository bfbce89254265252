import { createServer } from 'node:http'
import { connect } from 'node:net'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Blobs, ByteStream, Files } from '../../application/ports/files.ts'
import { pngClaiming } from '../../platform/media/fixtures/odd-pictures.ts'
import { createSafeFetch } from '../../platform/safe-fetch/safe-fetch.ts'
import { createDiskBlobs } from './disk-blobs.ts'
import { createFiles } from './files.ts'

const ANSWERS: Record<string, { status?: number; headers?: Record<string, string>; body?: Buffer | string }> =
  {
    '/a/photo%20one.png': {},
    '/gone': { status: 404, body: 'no' },
    '/boom': { status: 500, body: 'no' },
    '/made': { status: 302, headers: { location: 'http://10.0.0.1/' } },
    '/moved': { status: 302, headers: { location: '/a/photo%20one.png' } },
    '/empty': { body: '' },
    '/large': { body: Buffer.alloc(200_001) },
    '/lies.png': { headers: { 'content-type': 'image/png' }, body: '<script>alert(1)</script>' },
  }

let directory: string
let files: Files
let picture: Buffer
let opened = 0
const server = createServer((request, response) => {
  const { status = 200, headers = {}, body = picture } = ANSWERS[request.url ?? ''] ?? { status: 404 }
  response.writeHead(status, headers).end(body)
})

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'parley-files-'))
  picture = await sharp({ create: { width: 1040, height: 400, channels: 3, background: 'red' } })
    .png()
    .toBuffer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const safeFetch = createSafeFetch({
    allow: [],
    lookup: async (name) => (name === 'public.example' ? ['93.184.216.34'] : Promise.reject(new Error('no'))),
    dial: () => connect({ host: '127.0.0.1', port }),
  })
  const disk = createDiskBlobs(join(directory, 'blobs'))
  opened = 0
  const blobs: Blobs = {
    put: (source, limitBytes) => disk.put(source, limitBytes),
    remove: (digest, isNamed) => disk.remove(digest, isNamed),
    open: (digest, range) => {
      opened += 1
      return disk.open(digest, range)
    },
  }
  files = createFiles({ blobs, safeFetch, maxBytes: 200_000, variantsDir: join(directory, 'variants') })
})
afterEach(async () => {
  await new Promise((resolve) => server.close(resolve))
  await rm(directory, { recursive: true, force: true, maxRetries: 5 })
})

async function* bytes(content: Uint8Array | string, step = 1000): ByteStream {
  const all = Buffer.from(content)
  for (let at = 0; at < all.length; at += step) yield all.subarray(at, at + step)
}

async function stored(): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true })
  return entries.filter((entry) => entry.isFile()).map((entry) => entry.name)
}

describe('receive', () => {
  test('knows a picture by its content and its size by its header', async () => {
    expect(await files.receive(bytes(picture), '..\\x\\photo.exe')).toMatchObject({
      mimeType: 'image/png',
      ext: 'png',
      kind: 'image',
      width: 1040,
      height: 400,
      size: picture.length,
      originalName: 'photo.exe',
    })
  })

  test('a bomb and a broken picture are files', async () => {
    for (const odd of [pngClaiming(50_000, 50_000), picture.subarray(0, 30)]) {
      const file = await files.receive(bytes(odd), null)
      expect(file).toMatchObject({ kind: 'file', width: null, height: null, originalName: null })
      expect(await files.openVariant(file.digest, '120x120')).toBeNull()
    }
  })

  test('an empty or too large file leaves nothing', async () => {
    await expect(files.receive(bytes(''), 'a')).rejects.toMatchObject({
      code: 'invalid',
      details: { field: 'file' },
    })
    await expect(files.receive(bytes(Buffer.alloc(200_001)), 'a')).rejects.toMatchObject({
      code: 'file_too_large',
    })
    expect(await stored()).toEqual([])
  })

  test('single bytes cost what they weigh', async () => {
    const started = performance.now()
    expect((await files.receive(bytes(Buffer.alloc(20_000, 'x'), 1), null)).mimeType).toBe('text/plain')
    expect(performance.now() - started).toBeLessThan(5000)
  })
})

describe('fetch', () => {
  test('downloads, also through a redirect, and names the file after its URL', async () => {
    for (const url of ['http://public.example/a/photo%20one.png', 'http://public.example/moved']) {
      expect(await files.fetch(url)).toMatchObject({
        kind: 'image',
        width: 1040,
        originalName: 'photo one.png',
      })
    }
    expect(await files.fetch('http://public.example/lies.png')).toMatchObject({
      mimeType: 'text/html',
      kind: 'file',
    })
  })

  test.each([
    ['', 'invalid'],
    ['photo.png', 'invalid'],
    ['ftp://public.example/', 'invalid'],
    ['http://u:p@public.example/', 'invalid'],
    ['http://127.0.0.1/', 'invalid'],
    ['http://public.example:22/', 'invalid'],
    ['http://inside.example/', 'file_unreachable'],
    ['http://public.example/gone', 'file_unreachable'],
    ['http://public.example/boom', 'file_unreachable'],
    ['http://public.example/made', 'file_unreachable'],
    ['http://public.example/empty', 'file_unreachable'],
    ['http://public.example/large', 'file_too_large'],
  ])('%j is refused as %s', async (url, code) => {
    await expect(files.fetch(url)).rejects.toMatchObject({
      name: 'DomainError',
      code,
      details: { field: 'url' },
    })
    expect(await stored()).toEqual([])
  })
})

describe('variants', () => {
  const measure = async (opened: Awaited<ReturnType<Files['openVariant']>>) => {
    const content = Buffer.concat(await Array.fromAsync(opened?.stream ?? []))
    expect(content.length).toBe(opened?.size)
    const { width, height, format } = await sharp(content).metadata()
    return { width, height, format, mimeType: opened?.mimeType }
  }

  test('are made once, however many ask, and kept', async () => {
    const { digest } = await files.receive(bytes(picture), null)
    opened = 0
    const wide = await Promise.all(Array.from({ length: 10 }, () => files.openVariant(digest, '520x400')))
    expect(await measure(wide[9] ?? null)).toEqual({
      width: 520,
      height: 200,
      format: 'png',
      mimeType: 'image/png',
    })
    // Read once, and looked for once more: it may have been removed meanwhile.
    expect(opened).toBe(2)
    const square = await measure(await files.openVariant(digest, '120x120'))
    expect(square).toMatchObject({ width: 120, height: 120 })
    const made = await readdir(join(directory, 'variants', digest.slice(0, 2)))
    expect(made.sort()).toEqual([`${digest}.120x120.png`, `${digest}.520x400.png`])
    await rm(join(directory, 'blobs'), { recursive: true })
    expect(await measure(await files.openVariant(digest, '520x400'))).toMatchObject({ width: 520 })
  })

  test('are null for what is no picture and for what is not there', async () => {
    const { digest } = await files.receive(bytes('<svg xmlns="http://www.w3.org/2000/svg"/>'), 'a.png')
    expect(await files.openVariant(digest, '120x120')).toBeNull()
    expect(await files.openVariant(digest, '120x120')).toBeNull()
    expect(await files.openVariant('0'.repeat(64), '120x120')).toBeNull()
    expect(await files.openVariant('../../../etc/passwd', '120x120')).toBeNull()
  })

  test('a picture that comes after it was asked for is shown', async () => {
    const { digest } = await files.receive(bytes(picture), null)
    const blob = join(directory, 'blobs', digest.slice(0, 2))
    await rm(blob, { recursive: true })
    expect(await files.openVariant(digest, '120x120')).toBeNull()
    await files.receive(bytes(picture), null)
    expect(await files.openVariant(digest, '120x120')).not.toBeNull()
  })

  test('a full or broken variants directory is told, not cached', async () => {
    const { digest } = await files.receive(bytes(picture), null)
    await writeFile(join(directory, 'variants'), 'in the way')
    await expect(files.openVariant(digest, '120x120')).rejects.toThrow()
    await rm(join(directory, 'variants'))
    expect(await files.openVariant(digest, '120x120')).not.toBeNull()
  })
})
