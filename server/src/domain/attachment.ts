/** What a file is to the people who read it; decided by its content, never by its name. */
export type AttachmentKind = 'image' | 'audio' | 'video' | 'file'

/** A file whose bytes are safely in the blob store, known by the SHA-256 of its content. */
export interface StoredFile {
  digest: string
  size: number
  mimeType: string
  /** Extension that fits the content, without the dot. */
  ext: string
  kind: AttachmentKind
  /** Pixels; null for anything that is not a decodable picture. */
  width: number | null
  height: number | null
  /** The name the sender gave, for people only; null when there was none. */
  originalName: string | null
}

/** A stored file with its place in an account, its two names, and the unguessable name of its URL. */
export interface Attachment extends StoredFile {
  id: string
  number: number
  accountId: string
  conversationId: string | null
  messageId: string | null
  /** `/c2/9b/f1/<64 hex>.<ext>`: three directory bytes and 256 random bits, nothing derived from the content. */
  path: string
  createdAt: Date
  updatedAt: Date
}

const PATH = /^\/([0-9a-f]{2})\/([0-9a-f]{2})\/([0-9a-f]{2})\/([0-9a-f]{64})\.([a-z0-9]{1,10})$/
const LONGEST_NAME = 200
// Control characters, and those that make a name read otherwise than it is (zero-width, direction marks, BOM, tags).
const DECEPTIVE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}]/gu

/** The URL path of a new file, from three and 32 random bytes; knowing it is the right to read the file. */
export function attachmentPath(directories: Uint8Array, name: Uint8Array, ext: string): string {
  if (directories.length !== 3 || name.length !== 32)
    throw new Error('A file path takes 3 and 32 random bytes')
  return `/${[...directories].map(hex).join('/')}/${[...name].map(hex).join('')}.${ext}`
}

/** The parts of a file path; null for anything that `attachmentPath` does not make. */
export function parseAttachmentPath(path: string): { directories: string; name: string; ext: string } | null {
  const [, first, second, third, name, ext] = PATH.exec(path) ?? []
  if (name === undefined || ext === undefined) return null
  return { directories: `${first}/${second}/${third}`, name, ext }
}

/** A sender's file name made harmless to show: no directories, no invisible or deceptive characters, 200 characters; null when none is left. */
export function cleanFileName(name: string): string | null {
  const last = name.toWellFormed().split(/[/\\]/).at(-1) ?? ''
  const clean = Array.from(last.replace(DECEPTIVE, '').trim())
  // The end is kept when a name is cut: people tell files apart by their extension.
  const fitting =
    clean.length <= LONGEST_NAME ? clean : [...clean.slice(0, LONGEST_NAME - 21), '…', ...clean.slice(-20)]
  const text = fitting.join('')
  return text === '' || text === '.' || text === '..' ? null : text
}

const hex = (byte: number) => byte.toString(16).padStart(2, '0')
