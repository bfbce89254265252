import type { Appended } from '../../application/messages/append.ts'
import type { Message } from '../../domain/message.ts'
import { writeCursor } from './cursor.ts'
import { writeId } from './ids.ts'
import { presentContent } from './present-content.ts'
import type { Known, Presenting } from './present-refs.ts'
import { timeOrNothing } from './present-refs.ts'
import { writeTime } from './time.ts'

export function presentSent(appended: Appended, presenting: Presenting) {
  return { data: messageOf(appended.message, appended, presenting) }
}

/** A message by itself, with whom it went from and to. */
export function messageOf(message: Message, known: Known, { origin }: Presenting) {
  const ours = writeId('channel', known.channel.id)
  const theirs = addressOf(known)
  const isInbound = message.direction === 'inbound'
  return {
    id: writeId('message', message.id),
    type: 'message',
    attributes: {
      conversationId: writeId('conversation', message.conversationId),
      channelId: ours,
      direction: message.direction,
      from: isInbound ? theirs : ours,
      to: isInbound ? ours : theirs,
      content: presentContent(message, origin),
      status: message.status,
      metadata: message.metadata,
      externalId: message.providerMessageId ?? undefined,
      createdAt: writeTime(message.createdAt),
      sentAt: timeOrNothing(message.sentAt),
    },
  }
}

/** How the channel addresses the contact, in the form `to` takes. */
function addressOf({ identity, channel }: Known): string {
  const { externalId } = identity
  return channel.kind === 'whatsapp' && /^\d+$/.test(externalId) ? `+${externalId}` : externalId
}

/** `messages` holds one more than `limit` when there are more. */
export function presentMessages(messages: Message[], limit: number, { origin }: Presenting) {
  const page = messages.slice(0, limit)
  const last = page.at(-1)
  const hasMore = messages.length > limit
  const data = page.map((message) => ({
    id: writeId('message', message.id),
    type: 'message',
    attributes: {
      direction: message.direction,
      content: presentContent(message, origin),
      status: message.status,
      createdAt: writeTime(message.createdAt),
    },
  }))
  return { data, meta: { cursor: { next: hasMore && last ? writeCursor(last.seq) : undefined, hasMore } } }
}
