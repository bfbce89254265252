import type { StoredFile } from '../../domain/attachment.ts'

type Named = Pick<StoredFile, 'mimeType' | 'kind' | 'originalName' | 'ext'>

// Types that a browser runs or transforms: named neutrally, so that not even a forgotten `nosniff` would revive them.
const ACTIVE = /html|svg|javascript|ecmascript|flash|wasm|^multipart|[/+]xml|\/xslt?/i

/** Headers of every answer of this door, misses included. */
export const SAFE_HEADERS = {
  'x-content-type-options': 'nosniff',
  'content-security-policy':
    "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'; sandbox",
  'cross-origin-resource-policy': 'cross-origin',
  'referrer-policy': 'no-referrer',
} as const

// The bytes under a path never change. `private`: a file that is deleted must not live on in somebody's proxy.
export const CACHED = 'private, max-age=31536000, immutable'

/** How a file is named and typed to a browser: shown in place only when it can do nothing but be seen, heard or read. */
export function describeFile(file: Named): { 'content-type': string; 'content-disposition': string } {
  const isText = file.mimeType === 'text/plain'
  const isInline = isText || file.kind !== 'file'
  const isActive = ACTIVE.test(file.mimeType)
  const type = isActive ? 'application/octet-stream' : isText ? 'text/plain; charset=utf-8' : file.mimeType
  const disposition = isInline && !isActive ? 'inline' : 'attachment'
  const name = file.originalName ?? `file.${file.ext}`
  return { 'content-type': type, 'content-disposition': `${disposition}; ${filenameOf(name)}` }
}

/** RFC 6266: a plain name for old clients, the true one percent-encoded (RFC 8187). */
function filenameOf(name: string): string {
  const plain = name.replace(/[^\x20-\x7e]/g, '_').replace(/["\\%]/g, '_')
  const encoded = encodeURIComponent(name.toWellFormed()).replace(
    /['()*!]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  )
  return `filename="${plain}"; filename*=UTF-8''${encoded}`
}
