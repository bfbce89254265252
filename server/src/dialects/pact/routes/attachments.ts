import { uploadAttachment } from '../../../application/attachments/upload-attachment.ts'
import { acceptUpload } from '../accept-upload.ts'
import { numberIn } from '../ids.ts'
import { presentUpload } from '../present.ts'
import { ConversationPath, Upload } from '../schema/requests.ts'
import { answers, UploadedAnswer } from '../schema/responses.ts'
import { CONSUMES } from './mounting.ts'
import type { Mount, PactDoor } from './mounting.ts'

export function mountAttachments(mount: Mount, { house, files }: PactDoor): void {
  mount('POST', {
    url: '/companies/:cid/conversations/:id/messages/attachments',
    needs: 'message.write',
    schema: {
      summary: 'Upload attachment for message',
      description:
        'A file, or the URL of one: exactly one of them. With a multipart body the token stands in the header or the query string.',
      tags: ['Messages'],
      consumes: CONSUMES,
      params: ConversationPath,
      body: Upload,
      response: answers(UploadedAnswer),
    },
    takesFile: true,
    handle: async ({ actor, path, params, form }) => {
      const number = numberIn(path['id'], 'conversation')
      const file = acceptUpload(params, form, files)
      const attachment = await house.perform(uploadAttachment, actor, { conversation: { number }, file })
      return { status: 'ok', data: presentUpload(attachment, number) }
    },
  })
}
