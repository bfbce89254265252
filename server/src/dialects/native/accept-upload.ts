import type { UploadAttachment } from '../../application/attachments/upload-attachment.ts'
import type { Files } from '../../application/ports/files.ts'
import { refuse } from '../../domain/errors.ts'
import type { Form } from '../../platform/upload-form.ts'
import { mustBeStorable } from './accept-values.ts'
import type { UploadBody } from './schema/messages.ts'

interface Given {
  body: UploadBody | undefined
  form: Form | null
  /** The request has an Idempotency-Key. */
  isKeyed: boolean
}

/** The file of a form, or the URL to fetch it from. Nothing is received yet. */
export function acceptUpload(
  { body, form, isKeyed }: Given,
  files: Pick<Files, 'receive'>,
): UploadAttachment['file'] {
  if (!form) {
    mustBeStorable(body)
    const { url } = body ?? {}
    return url === undefined
      ? refuse('missing', { field: 'file', reason: 'A file or its url is needed.' })
      : { url }
  }
  const { file } = form
  if (isKeyed)
    refuse('invalid', {
      field: 'Idempotency-Key',
      reason: 'A form takes no Idempotency-Key: its file is not compared.',
    })
  if (!file) return refuse('missing', { field: 'file', reason: 'A part called file is needed.' })
  return { receive: () => file.take((bytes) => files.receive(bytes, file.fileName)) }
}
