import type { FastifyRequest } from 'fastify'
import type { ByteStream } from '../../application/ports/files.ts'
import { DomainError, refuse } from '../../domain/errors.ts'
import type { MultipartForm } from '../../platform/multipart.ts'
import { MultipartRefused, readMultipart } from '../../platform/multipart.ts'

/** How large a file may be is for whoever stores it to say; the other parts are held in memory. */
const LIMITS = { fields: 100, fieldBytes: 128 * 1024, files: 10, fileBytes: Number.POSITIVE_INFINITY }

export interface FormFile {
  fileName: string
  /** Has the bytes used as they come, then reads the form to its end. Throws what either throws. */
  take<Result>(use: (bytes: ByteStream) => Promise<Result>): Promise<Result>
}

/** A multipart body, read up to its file if it has one, else to its end. */
export interface Form {
  /** Complete when the form was read to its end; empty while its file is waiting. */
  fields: MultipartForm['fields']
  file: FormFile | null
  /** Lets what nobody took run off, so that the connection can go on. */
  discard(): void
}

export function isForm({ headers }: FastifyRequest): boolean {
  return /^\s*multipart\/form-data/i.test(headers['content-type'] ?? '')
}

/** Reads on until it meets a file called `file`; every other file is thrown away. */
export async function openForm({ raw, headers }: FastifyRequest): Promise<Form> {
  const met = Promise.withResolvers<void>()
  const left = Promise.withResolvers<void>()
  const form: Form = { fields: [], file: null, discard: left.resolve }
  const reading = readMultipart(raw, headers['content-type'], {
    limits: LIMITS,
    onFile: async (name, bytes, { filename }) => {
      if (name !== 'file') return
      if (form.file) refuse('invalid', { field: 'file', reason: 'must be one file' })
      form.file = { fileName: filename, take: (use) => take(use, bytes, { left, reading }) }
      met.resolve()
      await left.promise
    },
  }).then(
    ({ fields }) => {
      form.fields = fields
      met.resolve()
    },
    (error: unknown) => {
      raw.resume()
      throw asRefusal(error)
    },
  )
  reading.catch(met.reject)
  await met.promise
  return form
}

interface Progress {
  left: PromiseWithResolvers<void>
  reading: Promise<void>
}

async function take<Result>(
  use: (bytes: ByteStream) => Promise<Result>,
  bytes: ByteStream,
  { left, reading }: Progress,
): Promise<Result> {
  try {
    const result = await use(bytes)
    left.resolve()
    await reading
    return result
  } catch (error) {
    left.reject(error)
    // A body that broke off is the reason of what `use` met; it is said instead.
    await reading
    throw error
  }
}

function asRefusal(error: unknown): unknown {
  if (!(error instanceof MultipartRefused)) return error
  return new DomainError('invalid', { reason: error.message }, error)
}
