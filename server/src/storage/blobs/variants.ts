import { randomUUID } from 'node:crypto'
import { mkdir, open, readdir, rename, stat, unlink, type FileHandle } from 'node:fs/promises'
import { createReadStream } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import type { ByteStream, ImageVariant } from '../../application/ports/files.ts'
import { shrinkPicture, type LoadPicture, type SmallPicture } from '../../platform/media/pictures.ts'

const MIME_OF = { png: 'image/png', jpg: 'image/jpeg', webp: 'image/webp' }
const DIGEST = /^[0-9a-f]{64}$/
const MOST_FAILURES = 10_000

type Opened = { size: number; mimeType: string; stream: ByteStream } | null

/** Where a picture comes from, and whether it is still there. */
export interface PictureSource {
  load: LoadPicture
  isThere(): Promise<boolean>
}

/** Smaller pictures on disk, each made once however many ask at the same time. */
export interface Variants {
  open(digest: string, variant: ImageVariant, source: PictureSource): Promise<Opened>
  /** Removes all that were made of a picture that is gone. */
  remove(digest: string): Promise<void>
}

export function createVariants(directory: string): Variants {
  const making = new Map<string, Promise<void>>()
  // What cannot be decoded would cost a decoder's time on each request; forgotten when full, as a cache may be.
  const failed = new Set<string>()
  const make = async (base: string, variant: ImageVariant, source: PictureSource) => {
    let isThere = false
    const watched: LoadPicture = async () => {
      const bytes = await source.load()
      isThere = bytes !== null
      return bytes
    }
    const picture = await shrinkPicture(watched, variant)
    if (picture) {
      await write(`${base}.${picture.ext}`, picture)
      // Its bytes may have been removed meanwhile, and what was made of them too soon to find this one.
      if (!(await source.isThere())) await removeAll(base)
      return
    }
    // What is not there yet may come; only bytes that were seen and not understood are remembered.
    if (!isThere) return
    if (failed.size >= MOST_FAILURES) failed.clear()
    failed.add(base)
  }
  return {
    open: async (digest, variant, source) => {
      if (!DIGEST.test(digest)) return null
      const base = join(directory, digest.slice(0, 2), `${digest}.${variant}`)
      const kept = failed.has(base) ? null : await find(base)
      if (kept || failed.has(base)) return kept
      const under = making.get(base) ?? make(base, variant, source).finally(() => making.delete(base))
      making.set(base, under)
      await under
      return find(base)
    },
    remove: async (digest) => {
      if (DIGEST.test(digest)) await removeAll(join(directory, digest.slice(0, 2), digest))
    },
  }
}

/** Everything whose name begins so, unfinished ones too. */
async function removeAll(base: string): Promise<void> {
  const names = await readdir(dirname(base)).catch(() => [])
  for (const name of names)
    if (name.startsWith(`${basename(base)}.`)) await unlink(join(dirname(base), name)).catch(() => {})
}

async function find(base: string): Promise<Opened> {
  for (const [ext, mimeType] of Object.entries(MIME_OF)) {
    const path = `${base}.${ext}`
    const found = await stat(path).catch(() => null)
    if (found) return { size: found.size, mimeType, stream: read(path) }
  }
  return null
}

async function* read(path: string): AsyncGenerator<Uint8Array> {
  yield* createReadStream(path) as AsyncIterable<Uint8Array>
}

async function write(path: string, picture: SmallPicture): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  const temporary = `${path}.${randomUUID()}`
  try {
    const file = await open(temporary, 'wx', 0o600)
    await fill(file, picture.bytes)
    await rename(temporary, path)
  } catch (error) {
    await unlink(temporary).catch(() => {})
    throw error
  }
}

// Synced before it is named: a crash must not leave an empty picture that then is served for ever.
async function fill(file: FileHandle, bytes: Uint8Array): Promise<void> {
  try {
    await file.writeFile(bytes)
    await file.sync()
  } finally {
    await file.close()
  }
}
