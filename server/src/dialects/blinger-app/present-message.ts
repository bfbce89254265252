import type { Appended } from '../../application/messages/append.ts'
import type { Message } from '../../domain/message.ts'
import type { JsonObject } from '../../domain/ref.ts'
import { APPLICATIONS, MESSAGE_STATUSES } from './codes.ts'
import type * as Wire from './schema/responses.ts'

/** Unix seconds. */
export const seconds = (at: Date): number => Math.floor(at.getTime() / 1000)
export const secondsOrNull = (at: Date | null): number | null => at && seconds(at)

/** Unix time in 1/10 000 s: the vendor's `date_real`. */
const tenThousandths = (at: Date): number => Math.floor(at.getTime() * 10)

/** Where a file of ours is served. */
export function fileUrl(file: { path: string } | null, origin: string): string | null {
  return file && origin + file.path
}

/** Outgoing is from the channel to the client, incoming the other way round. */
export function presentMessage(
  { message, channel, identity }: Pick<Appended, 'message' | 'channel' | 'identity'>,
  origin: string,
): Wire.Message {
  const isOutgoing = message.direction === 'outbound'
  const isNote = message.kind === 'note'
  return {
    id: message.number,
    from_blinger_user_id: isOutgoing ? channel.number : identity.number,
    to_blinger_user_id: isOutgoing ? identity.number : channel.number,
    blinger_message_id: isNote ? null : message.number,
    application: APPLICATIONS[channel.kind],
    type: wireType(message),
    message: wireText(message, origin),
    date_updated: seconds(message.updatedAt),
    date_created: seconds(message.createdAt),
    is_outgoing: isOutgoing,
    status: MESSAGE_STATUSES[message.status],
    is_inner_message: isNote,
    date_read: secondsOrNull(message.readAt),
    date_real: tenThousandths(message.occurredAt),
    // A failed attempt that will be repeated is no error yet.
    error: message.status === 'failed' ? message.error : null,
    is_history: message.isHistory,
    echo: message.isEcho,
    echo_outgoing: message.isEchoOutgoing,
  }
}

/** A message inside its conversation; `operator_id` is there only when an operator wrote it. */
export function presentMessageRow(message: Message, origin: string): Wire.MessageRow {
  const row = {
    id: message.number,
    message: wireText(message, origin),
    type: wireType(message),
    date_created: seconds(message.createdAt),
  }
  return message.authorNumber === null ? row : { ...row, operator_id: message.authorNumber }
}

export function wireType(message: Message): string {
  if (message.kind === 'image') return 'image'
  return message.attachment ? 'file' : 'text'
}

/** One string says it all: a file is its URL, a place its coordinates, anything else its words. */
export function wireText(message: Message, origin: string): string {
  const url = fileUrl(message.attachment, origin)
  if (url !== null) return url
  if (message.kind === 'location') return place(message.details ?? {}, message.text)
  return message.text
}

function place({ latitude, longitude, name, address }: JsonObject, text: string): string {
  const coordinates = [latitude, longitude].filter((part) => typeof part === 'number').join(', ')
  const words = [name, address].filter((part): part is string => typeof part === 'string' && part !== '')
  return [coordinates, ...(words.length > 0 ? words : [text])].filter((part) => part !== '').join(' ')
}
