import type { FastifyRequest } from 'fastify'
import { MultipartRefused, readMultipart, type MultipartForm } from './multipart.ts'

/** How large a file may be is for whoever stores it to say; the other parts are held in memory. */
const LIMITS = { fields: 100, fieldBytes: 128 * 1024, files: 10, fileBytes: Number.POSITIVE_INFINITY }

export interface FormFile {
  fileName: string
  /** Has the bytes used as they come, then reads the form to its end. Throws what either throws. */
  take<Result>(use: (bytes: AsyncIterable<Uint8Array>) => Promise<Result>): Promise<Result>
}

/** A multipart body, read up to its file if it has one that is wanted, else to its end. */
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

/** How a door refuses what is wrong with a form. */
export type FormRefusal = (fault: { field?: string; reason: string }, cause?: unknown) => Error

interface Opening {
  isFileWanted: boolean
  refusal: FormRefusal
}

/** Reads on until it meets a file called `file` where one is wanted; every other file is thrown away. */
export async function openUploadForm(
  { raw, headers }: FastifyRequest,
  { isFileWanted, refusal }: Opening,
): Promise<Form> {
  const met = Promise.withResolvers<void>()
  const left = Promise.withResolvers<void>()
  const form: Form = { fields: [], file: null, discard: left.resolve }
  const reading = readMultipart(raw, headers['content-type'], {
    limits: LIMITS,
    onFile: async (name, bytes, { filename }) => {
      if (!isFileWanted || name !== 'file') return
      if (form.file) throw refusal({ field: 'file', reason: 'must be one file' })
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
      throw error instanceof MultipartRefused ? refusal({ reason: error.message }, error) : error
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
  use: (bytes: AsyncIterable<Uint8Array>) => Promise<Result>,
  bytes: AsyncIterable<Uint8Array>,
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
