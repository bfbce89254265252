import type { Appended } from '../../application/messages/append.ts'
import { publicId } from './ids.ts'
import type { MessageBody } from './schema/responses.ts'

export function presentMessage({ message, contact }: Appended): MessageBody {
  return {
    id: publicId('message', message.id),
    conversationId: publicId('conversation', message.conversationId),
    channelId: publicId('channel', message.channelId),
    contactId: publicId('contact', contact.id),
    seq: message.seq,
    direction: message.direction,
    text: message.text,
    createdAt: message.createdAt.toISOString(),
  }
}
