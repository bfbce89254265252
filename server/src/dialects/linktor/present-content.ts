import type { Attachment, AttachmentKind } from '../../domain/attachment.ts'
import type { Message } from '../../domain/message.ts'
import type { Json, JsonObject } from '../../domain/ref.ts'

const MEDIA: Record<AttachmentKind, string> = {
  image: 'image',
  file: 'document',
  audio: 'audio',
  video: 'video',
}

/** What a message says, by what it turned out to be: a file is known by its content, not by what it was sent as. */
export function presentContent(message: Message, origin: string): { type: string } & JsonObject {
  const { kind, text, details, attachment } = message
  if (attachment) return { ...presentFile(attachment, origin), ...(text === '' ? {} : { caption: text }) }
  if (kind === 'location')
    return { type: kind, ...pick(details, ['latitude', 'longitude', 'name', 'address']) }
  if (kind === 'buttons') return { type: kind, text, buttons: [], ...pick(details, ['buttons']) }
  if (kind === 'template') return { type: kind, template: {}, ...pick(details, ['template']) }
  return { type: 'text', text, ...pick(details, ['quickReplies']) }
}

function presentFile(
  { kind, path, originalName }: Attachment,
  origin: string,
): { type: string } & JsonObject {
  const filename = kind === 'file' ? originalName : null
  return { type: MEDIA[kind], url: origin + path, ...(filename ? { filename } : {}) }
}

function pick(details: JsonObject | null, keys: string[]): JsonObject {
  const found = keys.flatMap((key): [string, Json][] => {
    const value = details?.[key]
    return value === undefined || value === null ? [] : [[key, value]]
  })
  return Object.fromEntries(found)
}
