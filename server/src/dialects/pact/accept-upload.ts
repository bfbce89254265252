import type { UploadAttachment } from '../../application/attachments/upload-attachment.ts'
import type { Files } from '../../application/ports/files.ts'
import { parseFields } from './body.ts'
import { flagOf, invalid, textOf } from './fields.ts'
import type { Params } from './fields.ts'
import type { Form } from '../../platform/upload-form.ts'

/** The file of an upload or the URL to fetch it from, never both. Nothing is received yet. */
export function acceptUpload(
  params: Params,
  form: Form | null,
  files: Pick<Files, 'receive'>,
): UploadAttachment['file'] {
  mustBeFlag(params)
  const url = textOf(params, 'file_url')?.trim()
  const file = form?.file
  if (form && file) {
    mustStandAlone(params)
    return {
      receive: async () => {
        const stored = await file.take((bytes) => files.receive(bytes, file.fileName))
        const all = parseFields(form.fields)
        mustStandAlone(all)
        mustBeFlag(all)
        return stored
      },
    }
  }
  if (params['file'] !== undefined) invalid('file', 'must be a file')
  if (!url) invalid('file', 'file or file_url is required')
  if (!/^https?:\/\//i.test(url)) invalid('file_url', 'must be a file url')
  return { url }
}

function mustStandAlone(params: Params): void {
  if (textOf(params, 'file_url')?.trim()) invalid('file_url', 'must not be used together with file')
  if (params['file'] !== undefined) invalid('file', 'must be one file')
}

/** Read so that nonsense is refused; no transport of ours tells voice messages from other audio yet. */
function mustBeFlag(params: Params): void {
  flagOf(params, 'push_to_talk')
}
