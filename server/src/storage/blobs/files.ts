import type { Blobs, ByteStream, Files } from '../../application/ports/files.ts'
import { cleanFileName, type StoredFile } from '../../domain/attachment.ts'
import { DomainError, refuse } from '../../domain/errors.ts'
import { detectFile, HEAD_BYTES } from '../../platform/media/detect-file.ts'
import { measurePicture, type LoadPicture } from '../../platform/media/pictures.ts'
import { FetchRefused } from '../../platform/safe-fetch/fetch-refused.ts'
import type { FetchAnswer, SafeFetch } from '../../platform/safe-fetch/safe-fetch.ts'
import { createVariants } from './variants.ts'

export interface FilesOptions {
  blobs: Blobs
  safeFetch: SafeFetch
  maxBytes: number
  variantsDir: string
}

// A picture is decoded from memory; a larger one is kept, but only as a file.
const MOST_PICTURE_BYTES = 32 * 1024 * 1024

/** The files of this server: stored in `blobs`, known by their content. */
export function createFiles({ blobs, safeFetch, maxBytes, variantsDir }: FilesOptions): Files {
  const variants = createVariants(variantsDir)
  const receive = (source: ByteStream, name: string | null) => store(blobs, source, { name, maxBytes })
  return {
    receive,
    fetch: (url) => download(url, safeFetch, maxBytes, receive),
    open: (digest, range) => blobs.open(digest, range),
    openVariant: (digest, variant) =>
      variants.open(digest, variant, {
        load: loaderOf(blobs, digest),
        isThere: async () => (await blobs.open(digest)) !== null,
      }),
    // The bytes first: whatever is being made of them meanwhile is then found to be nobody's.
    remove: async (digest, isNamed) => {
      const removed = await blobs.remove(digest, isNamed)
      if (removed === 'gone') await variants.remove(digest)
      return removed
    },
  }
}

async function store(
  blobs: Blobs,
  source: ByteStream,
  { name, maxBytes }: { name: string | null; maxBytes: number },
): Promise<StoredFile> {
  const head = { bytes: new Uint8Array(HEAD_BYTES), length: 0 }
  const { digest, size } = await blobs.put(watched(source, head), maxBytes)
  const detected = await detectFile(head.bytes.subarray(0, head.length))
  const picture = detected.kind === 'image' ? await measurePicture(loaderOf(blobs, digest)) : null
  return {
    digest,
    size,
    ...detected,
    kind: detected.kind === 'image' && !picture ? 'file' : detected.kind,
    width: picture?.width ?? null,
    height: picture?.height ?? null,
    originalName: name === null ? null : cleanFileName(name),
  }
}

interface Head {
  bytes: Uint8Array
  length: number
}

/** Passes the bytes on and keeps the first of them; refuses a file that has none before it is stored. */
async function* watched(source: ByteStream, head: Head): AsyncGenerator<Uint8Array> {
  for await (const chunk of source) {
    const start = chunk.subarray(0, HEAD_BYTES - head.length)
    head.bytes.set(start, head.length)
    head.length += start.length
    yield chunk
  }
  if (head.length === 0) refuse('invalid', { field: 'file', reason: 'The file is empty' })
}

function loaderOf(blobs: Blobs, digest: string): LoadPicture {
  return async () => {
    const blob = await blobs.open(digest)
    if (!blob || blob.size > MOST_PICTURE_BYTES) return null
    return Buffer.concat(await Array.fromAsync(blob.stream))
  }
}

type Receive = (source: ByteStream, name: string | null) => Promise<StoredFile>

async function download(url: string, safeFetch: SafeFetch, maxBytes: number, receive: Receive) {
  try {
    const answer = await safeFetch(url, { maxBytes })
    if (answer.status < 200 || answer.status > 299) {
      answer.discard()
      refuse('file_unreachable', { field: 'url' })
    }
    return await receive(answer.body, nameOf(answer))
  } catch (error) {
    return refuseAs(error)
  }
}

// One answer for a closed port, a silent host and a name that leads inside: what differs would map our network.
function refuseAs(error: unknown): never {
  if (error instanceof FetchRefused) {
    if (error.reason === 'too_large') refuse('file_too_large', { field: 'url' }, error)
    refuse(
      error.byForm ? 'invalid' : 'file_unreachable',
      { field: 'url', reason: error.byForm ? error.message : undefined },
      error,
    )
  }
  if (error instanceof DomainError && error.code === 'invalid')
    refuse('file_unreachable', { field: 'url' }, error)
  throw error
}

function nameOf(answer: FetchAnswer): string | null {
  const last = new URL(answer.url).pathname.split('/').at(-1) ?? ''
  try {
    return decodeURIComponent(last) || null
  } catch {
    return last || null
  }
}
