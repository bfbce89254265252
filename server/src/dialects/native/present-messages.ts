import type { Attachment } from '../../domain/attachment.ts'
import type { Author, Message } from '../../domain/message.ts'
import { publicId } from './ids.ts'
import type { FileBody, MessageListBody, MessageViewBody } from './schema/messages.ts'

export const iso = (moment: Date | null) => moment && moment.toISOString()

export function presentFile(file: Attachment, origin: string): FileBody {
  return {
    id: publicId('attachment', file.id),
    number: file.number,
    kind: file.kind,
    name: file.originalName,
    ...{ mimeType: file.mimeType, size: file.size, width: file.width, height: file.height },
    url: origin + file.path,
    createdAt: file.createdAt.toISOString(),
  }
}

export function presentMessageView(message: Message, origin: string): MessageViewBody {
  const { number, seq, kind, direction, text, details, status, error, clientId, metadata } = message
  return {
    id: publicId('message', message.id),
    number,
    conversationId: publicId('conversation', message.conversationId),
    channelId: publicId('channel', message.channelId),
    ...{ seq, kind, direction, author: presentAuthor(message.author), text },
    file: message.attachment && presentFile(message.attachment, origin),
    ...{ details, status, error },
    ...{ sentAt: iso(message.sentAt), deliveredAt: iso(message.deliveredAt), readAt: iso(message.readAt) },
    reviewId: message.reviewId && publicId('review', message.reviewId),
    ...{ clientId, metadata },
    occurredAt: message.occurredAt.toISOString(),
    createdAt: message.createdAt.toISOString(),
  }
}

function presentAuthor({ kind, id }: Author): MessageViewBody['author'] {
  return { kind, id: kind === 'system' || id === null ? null : publicId(kind, id) }
}

/** A page, oldest first, of at most one message more than is shown. */
export function presentMessageList(
  messages: Message[],
  { limit, order }: { limit: number; order: 'asc' | 'desc' },
  origin: string,
): MessageListBody {
  const shown = messages.slice(0, limit - 1)
  const ordered = order === 'asc' ? shown : shown.toReversed()
  return {
    items: ordered.map((message) => presentMessageView(message, origin)),
    hasMore: messages.length >= limit,
  }
}
