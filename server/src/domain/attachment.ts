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
