import { SVG, textTypeOf } from './text-type.ts'

/** How people meet a file. Only raster pictures that we can decode are `image`; what a browser could run is `file`. */
export type MediaKind = 'image' | 'audio' | 'video' | 'file'

export interface DetectedFile {
  mimeType: string
  ext: string
  kind: MediaKind
}

/** Enough for every signature we know, and for the first entries of an office document. */
export const HEAD_BYTES = 64 * 1024

const RASTER = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp', 'image/avif'])
const UNKNOWN = { mimeType: 'application/octet-stream', ext: 'bin' }
// Names that the detector is finer about than those who read ours.
const RENAMED: Record<string, { mimeType: string; ext: string }> = {
  'image/apng': { mimeType: 'image/png', ext: 'png' },
  'audio/ogg; codecs=opus': { mimeType: 'audio/ogg', ext: 'ogg' },
  'audio/x-m4a': { mimeType: 'audio/mp4', ext: 'm4a' },
  'video/matroska': { mimeType: 'video/x-matroska', ext: 'mkv' },
}

/** Says what a file is from its first bytes, at most `HEAD_BYTES` of them. */
export async function detectFile(head: Uint8Array): Promise<DetectedFile> {
  const found = (await bySignature(head)) ?? textTypeOf(head) ?? UNKNOWN
  return { ...found, kind: kindOf(found.mimeType) }
}

function kindOf(mimeType: string): MediaKind {
  if (RASTER.has(mimeType)) return 'image'
  if (mimeType.startsWith('audio/')) return 'audio'
  return mimeType.startsWith('video/') ? 'video' : 'file'
}

async function bySignature(head: Uint8Array): Promise<{ mimeType: string; ext: string } | null> {
  const { fileTypeFromBuffer } = await import('file-type')
  // It throws on some malformed containers; those are just unknown bytes to us.
  const found = await fileTypeFromBuffer(head).catch(() => undefined)
  if (!found) return null
  if (found.mime === 'application/xml')
    return textTypeOf(head) === SVG ? SVG : { mimeType: found.mime, ext: 'xml' }
  const plain = {
    mimeType: found.mime.split(';', 1)[0] ?? found.mime,
    ext: found.ext.replace(/^.*[^a-z0-9]/i, '').toLowerCase(),
  }
  return RENAMED[found.mime] ?? plain
}
