import type { StoredFile } from '../../domain/attachment.ts'

/** Bytes on their way in; consumed once, in order. */
export type ByteStream = AsyncIterable<Uint8Array>

/** Where bytes live, addressed by the SHA-256 of their content. Disk today; anything that keeps bytes can stand in. */
export interface Blobs {
  /** Streams the source to durable storage. Refuses `file_too_large` past the limit and leaves nothing behind on any failure. */
  put(source: ByteStream, limitBytes: number): Promise<{ digest: string; size: number }>
  /**
   * Removes a blob that nothing names. `young`: it came so lately that whoever brought it may be about to name it; ask again later.
   * May be tried again after any death in between.
   */
  remove(digest: string, isNamed: () => Promise<boolean>): Promise<'gone' | 'named' | 'young'>
  /** Bytes of a blob, or of the inclusive range of it; null when there is no such blob. */
  open(
    digest: string,
    range?: { start: number; end: number },
  ): Promise<{ size: number; stream: ByteStream } | null>
}

/** Pictures are served in these boxes besides their original size. */
export type ImageVariant = '120x120' | '520x400'

/** Takes files in, whatever their source, and knows what they are by their content. */
export interface Files {
  /** Stores an upload. Refuses `file_too_large`, and `invalid` for an empty file. */
  receive(source: ByteStream, originalName: string | null): Promise<StoredFile>
  /** Downloads and stores. Refuses `invalid` (field `url`) for a URL that may not be fetched by its form, `file_unreachable` otherwise. */
  fetch(url: string): Promise<StoredFile>
  /** A stored file's bytes; null when they are gone. */
  open(
    digest: string,
    range?: { start: number; end: number },
  ): Promise<{ size: number; stream: ByteStream } | null>
  /** Removes a stored file that nothing names, with all that was made of it; as `Blobs` does. */
  remove(digest: string, isNamed: () => Promise<boolean>): Promise<'gone' | 'named' | 'young'>
  /** A picture fitted into the box, made once and kept; null when the file is not a picture that can be decoded. */
  openVariant(
    digest: string,
    variant: ImageVariant,
  ): Promise<{ size: number; mimeType: string; stream: ByteStream } | null>
}
