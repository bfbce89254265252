import { createHash, randomUUID } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, open, readdir, rename, stat, unlink, type FileHandle } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Blobs, ByteStream } from '../../application/ports/files.ts'
import { refuse } from '../../domain/errors.ts'
import { removeBlob, type BlobPlaces } from './remove-blob.ts'

const DIGEST = /^[0-9a-f]{64}$/
// A slow upload may hold its temporary file for long; one that nobody touched for an hour belongs to a crash.
const LEFTOVER_MS = 60 * 60 * 1000

/** Keeps blobs under `directory/<2 hex>/<2 hex>/<digest>`; a name exists only once its bytes are on the disk. */
export function createDiskBlobs(directory: string): Blobs {
  const temporary = join(directory, 'incoming')
  let swept: Promise<void> | null = null
  const prepare = () => {
    swept ??= sweep(temporary).catch((error: unknown) => {
      swept = null
      throw error
    })
    return swept
  }
  // Started now, so that leftovers go even when no upload comes; a failure is met again, and told, by the first `put`.
  prepare().catch(() => {})
  return {
    put: async (source, limitBytes) => {
      await prepare()
      const path = join(temporary, randomUUID())
      try {
        const written = await writeOut(source, path, limitBytes)
        await publish(path, pathOf(directory, written.digest))
        return written
      } catch (error) {
        await unlink(path).catch(() => {})
        return asRefusal(error)
      }
    },
    remove: async (digest, isNamed) => {
      if (!DIGEST.test(digest)) return 'gone'
      const removed = await removeBlob(placesOf(directory, digest), isNamed)
      if (removed === 'gone') await syncDirectory(dirname(pathOf(directory, digest))).catch(() => {})
      return removed
    },
    open: (digest, range) => openBlob(directory, digest, range),
  }
}

/** True when a write failed because the disk or the quota is full. */
export function isDiskFull(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : null
  return code === 'ENOSPC' || code === 'EDQUOT'
}

function asRefusal(error: unknown): never {
  if (isDiskFull(error))
    refuse('overloaded', { what: 'storage', reason: 'No space is left for files' }, error)
  throw error
}

const pathOf = (directory: string, digest: string) =>
  join(directory, digest.slice(0, 2), digest.slice(2, 4), digest)

const placesOf = (directory: string, digest: string): BlobPlaces => ({
  path: pathOf(directory, digest),
  aside: join(directory, 'leaving', digest),
})

async function sweep(temporary: string): Promise<void> {
  await mkdir(temporary, { recursive: true })
  for (const name of await readdir(temporary)) {
    const path = join(temporary, name)
    const found = await stat(path).catch(() => null)
    if (found && Date.now() - found.mtimeMs > LEFTOVER_MS) await unlink(path).catch(() => {})
  }
}

async function writeOut(source: ByteStream, path: string, limitBytes: number) {
  const file = await open(path, 'wx', 0o600)
  try {
    const hash = createHash('sha256')
    let size = 0
    for await (const chunk of source) {
      size += chunk.byteLength
      if (size > limitBytes)
        refuse('file_too_large', { reason: `The file is larger than ${limitBytes} bytes` })
      hash.update(chunk)
      await writeAll(file, chunk)
    }
    await file.sync()
    return { digest: hash.digest('hex'), size }
  } finally {
    await file.close()
  }
}

async function writeAll(file: FileHandle, chunk: Uint8Array): Promise<void> {
  for (let done = 0; done < chunk.byteLength;) {
    done += (await file.write(chunk, done, chunk.byteLength - done)).bytesWritten
  }
}

// Renaming over an equal blob is harmless, so two writers of one content need no lock.
async function publish(from: string, to: string): Promise<void> {
  const made = await mkdir(dirname(to), { recursive: true })
  await rename(from, to)
  await syncDirectory(dirname(to))
  if (made === undefined) return
  await syncDirectory(dirname(dirname(to)))
  await syncDirectory(dirname(dirname(dirname(to))))
}

async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r')
  try {
    await directory.sync()
  } finally {
    await directory.close()
  }
}

async function openBlob(directory: string, digest: string, range?: { start: number; end: number }) {
  if (!DIGEST.test(digest)) return null
  const { path, aside } = placesOf(directory, digest)
  // Aside for a moment, while it is found out whether anything names it.
  for (const place of [path, aside]) {
    const found = await stat(place).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return null
      throw error
    })
    if (found) return { size: found.size, stream: readOut(place, range) }
  }
  return null
}

// Opened on the first read: an answer to HEAD, or one that is never begun, holds no descriptor.
async function* readOut(path: string, range?: { start: number; end: number }): AsyncGenerator<Uint8Array> {
  yield* createReadStream(path, { start: range?.start, end: range?.end }) as AsyncIterable<Uint8Array>
}
