import { finished, type Readable } from 'node:stream'
import { Busboy, type BusboyFileStream, type BusboyInstance } from '@fastify/busboy'

export type MultipartFault =
  | 'not_multipart'
  | 'malformed'
  | 'aborted'
  | 'too_many_parts'
  | 'field_too_large'
  | 'file_too_large'
  | 'body_too_large'

/** Why a form was not read; the sender's doing, never a bug of ours. */
export class MultipartRefused extends Error {
  override readonly name = 'MultipartRefused'
  readonly reason: MultipartFault

  constructor(reason: MultipartFault, cause?: unknown) {
    super(`The form was refused: ${reason.replaceAll('_', ' ')}`, { cause })
    this.reason = reason
  }
}

export interface MultipartLimits {
  fields: number
  fieldBytes: number
  files: number
  fileBytes: number
}

export interface IncomingFile {
  filename: string
  mimeType: string
}

export interface MultipartOptions {
  limits: MultipartLimits
  /** Takes one file as it arrives; what it leaves unread is thrown away, what it throws is what the whole reading throws. */
  onFile: (name: string, stream: AsyncIterable<Uint8Array>, info: IncomingFile) => Promise<void>
}

export interface MultipartForm {
  /** In order, repeated names kept; pairs, so that no name (`__proto__`) means anything. */
  fields: [name: string, value: string][]
}

const PART_HEADER_BYTES = 8 * 1024
const PART_HEADERS = 32
// Browsers, PHP and Python use 16 to 60 characters; RFC 2046 allows 70.
const LONGEST_CONTENT_TYPE = 512

type FileArrives = [
  name: string | undefined,
  BusboyFileStream,
  filename: string | undefined,
  encoding: string,
  mimeType: string,
]

interface Reading extends MultipartOptions {
  parser: BusboyInstance
  form: MultipartForm
  files: Set<BusboyFileStream>
  works: Promise<void>[]
  end: (error?: unknown) => void
}

/**
 * Reads a `multipart/form-data` body. Settles only when every `onFile` has: after a refusal nobody still writes.
 * After a refusal the rest of the source is left unread, for the HTTP server to throw away.
 */
export async function readMultipart(
  source: Readable,
  contentType: string | undefined,
  options: MultipartOptions,
): Promise<MultipartForm> {
  const outcome = Promise.withResolvers<void>()
  const reading: Reading = {
    ...options,
    parser: openParser(contentType, options.limits),
    form: { fields: [] },
    files: new Set(),
    works: [],
    end: (error) => (error === undefined ? outcome.resolve() : outcome.reject(error)),
  }
  listen(reading)
  const stop = feed(source, reading)
  try {
    await outcome.promise
    await Promise.all(reading.works)
    return reading.form
  } catch (error) {
    stop()
    for (const file of reading.files) file.destroy(error instanceof Error ? error : undefined)
    await Promise.allSettled(reading.works)
    throw error
  }
}

function openParser(contentType: string | undefined, limits: MultipartLimits): BusboyInstance {
  const isForm = contentType !== undefined && /^multipart\/form-data\s*;/i.test(contentType)
  if (!isForm || contentType.length > LONGEST_CONTENT_TYPE || !/boundary="?[^\s";,]/i.test(contentType)) {
    throw new MultipartRefused('not_multipart')
  }
  try {
    return new Busboy({
      headers: { 'content-type': contentType },
      limits: {
        fields: limits.fields,
        fieldSize: limits.fieldBytes,
        files: limits.files,
        fileSize: limits.fileBytes,
        parts: limits.fields + limits.files,
        headerSize: PART_HEADER_BYTES,
        headerPairs: PART_HEADERS,
      },
    })
  } catch (error) {
    throw new MultipartRefused('not_multipart', error)
  }
}

function listen(reading: Reading): void {
  const { parser, form, end } = reading
  const refuse = (reason: MultipartFault) => (cause?: unknown) => end(new MultipartRefused(reason, cause))
  parser.on('error', refuse('malformed'))
  for (const event of ['partsLimit', 'fieldsLimit', 'filesLimit']) parser.on(event, refuse('too_many_parts'))
  parser.on('finish', () => end())
  // A part without a name is typed as if it had one.
  parser.on('field', (name: string | undefined, value, _, isCut) => {
    if (isCut) refuse('field_too_large')()
    else if (name !== undefined) form.fields.push([name, value])
  })
  parser.on('file', (...[name, stream, filename, , mimeType]: FileArrives) => {
    const work = take(reading, stream, { name: name ?? '', filename: filename ?? '', mimeType })
    work.catch(end)
    reading.works.push(work)
  })
}

async function take(
  reading: Reading,
  file: BusboyFileStream,
  part: IncomingFile & { name: string },
): Promise<void> {
  const { files, end, onFile } = reading
  files.add(file)
  // Busboy emits errors at streams that nobody may be reading; without a listener they end the process.
  file.on('error', () => {})
  file.on('limit', () => end(new MultipartRefused('file_too_large')))
  try {
    const { name, filename, mimeType } = part
    // A file input with nothing chosen sends an empty name.
    if (filename !== '') await onFile(name, whole(file), { filename, mimeType })
  } finally {
    files.delete(file)
    file.resume()
  }
}

// Leaving the loop early must not destroy the stream: the parser would wait for its end for ever. A cut file must not look whole.
async function* whole(file: BusboyFileStream): AsyncGenerator<Uint8Array> {
  for await (const chunk of file.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>)
    yield chunk
  if (file.truncated) throw new MultipartRefused('file_too_large')
}

/** Pours the source into the parser, counted; returns how to stop. */
function feed(source: Readable, { parser, limits, end }: Reading): () => void {
  const parts = limits.fields + limits.files
  const most =
    limits.files * limits.fileBytes + limits.fields * limits.fieldBytes + (parts + 8) * PART_HEADER_BYTES
  let size = 0
  const count = (chunk: Uint8Array) => {
    size += chunk.byteLength
    if (size > most) end(new MultipartRefused('body_too_large'))
  }
  const forget = finished(source, { writable: false }, (error) => {
    if (error) end(new MultipartRefused('aborted', error))
  })
  source.on('data', count)
  source.pipe(parser)
  return () => {
    forget()
    source.off('data', count)
    source.unpipe(parser)
    source.on('error', () => {})
  }
}
