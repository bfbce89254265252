import type { FileSource } from '../../application/messages/append.ts'
import type { SayMessage, Saying } from '../../application/messages/say-message.ts'
import type { MessageQuery } from '../../application/ports/reader.ts'
import { refuse } from '../../domain/errors.ts'
import type { JsonObject, Ref } from '../../domain/ref.ts'
import { acceptJson, mustBeShort, mustBeStorable, mustSay } from './accept-values.ts'
import { DEFAULT_LIMIT } from './accept-lists.ts'
import { refOf } from './ids.ts'
import type * as bodies from './schema/messages.ts'

/** What is said without a file, with its keys. */
export function acceptSaying(body: bodies.FirstMessage): {
  content: Exclude<Saying, { kind: 'file' }>
  metadata: JsonObject | undefined
  clientId: string | undefined
} {
  const { text = '', buttons, location, metadata, clientId } = body
  if (location && (buttons || text !== ''))
    refuse('invalid', { field: 'location', reason: 'A location stands alone.' })
  const content = contentOf(text, { buttons, location })
  return {
    content,
    metadata: metadata && acceptJson(metadata, 'metadata'),
    clientId: clientId === undefined ? undefined : keyOf(clientId),
  }
}

function contentOf(
  text: string,
  { buttons, location }: Pick<bodies.FirstMessage, 'buttons' | 'location'>,
): Exclude<Saying, { kind: 'file' }> {
  if (location) return { kind: 'location', text: '', details: locationOf(location) }
  const said = mustSay(text, 'text')
  if (!buttons) return { kind: 'text', text: said }
  return { kind: 'buttons', text: said, details: { buttons: buttons.map(buttonOf) } }
}

function locationOf({
  latitude,
  longitude,
  name,
  address,
}: NonNullable<bodies.FirstMessage['location']>): JsonObject {
  return {
    ...{ latitude, longitude },
    ...(name !== undefined && { name }),
    ...(address !== undefined && { address }),
  }
}

function buttonOf({ type, title, id, url }: NonNullable<bodies.FirstMessage['buttons']>[number]): JsonObject {
  const needed = type === 'reply' ? 'id' : 'url'
  if ((type === 'reply' ? id : url) === undefined)
    refuse('missing', { field: `buttons.${needed}`, reason: `A ${type} button needs its ${needed}.` })
  return { type, title, ...(id !== undefined && { id }), ...(url !== undefined && { url }) }
}

const keyOf = (clientId: string) => mustBeShort(mustSay(clientId, 'clientId'), 'clientId')

/** `clientId` is that of the request; one in the body is the sender's own. */
export function acceptSend(
  { id, clientId }: { id: string; clientId: string | undefined },
  body: bodies.SendMessageBody,
): SayMessage {
  mustBeStorable(body)
  const conversation = refOf('conversation', id)
  const { file, ...rest } = body
  if (!file) {
    const { content, metadata, clientId: own } = acceptSaying(rest)
    return { conversation, saying: content, metadata, clientId: own ?? clientId }
  }
  if (rest.buttons || rest.location)
    refuse('invalid', { field: 'file', reason: 'A file goes with text alone.' })
  const { text = '', metadata, clientId: own } = rest
  return {
    conversation,
    saying: { kind: 'file', text, ...sourceOf(file) },
    metadata: metadata && acceptJson(metadata, 'metadata'),
    clientId: own === undefined ? clientId : keyOf(own),
  }
}

function sourceOf({ id, url, name }: NonNullable<bodies.SendMessageBody['file']>): {
  file: FileSource | { url: string; name?: string }
} {
  if ((id === undefined) === (url === undefined))
    refuse('invalid', { field: 'file', reason: 'A file is named by id or by url.' })
  if (url !== undefined) return { file: { url, name } }
  return { file: { attachment: refOf('attachment', id ?? '') } }
}

export function acceptNote(
  { id, clientId }: { id: string; clientId: string | undefined },
  body: bodies.NoteBody,
): SayMessage {
  mustBeStorable(body)
  const { text, clientId: own } = body
  return {
    conversation: refOf('conversation', id),
    saying: { kind: 'note', text: mustSay(text, 'text') },
    clientId: own === undefined ? clientId : keyOf(own),
  }
}

/** One more than is shown. Backwards unless a place to go on from is given. */
export function acceptMessageList(
  id: string,
  { limit = DEFAULT_LIMIT, afterSeq, beforeSeq }: bodies.ListMessagesQuery,
): Omit<MessageQuery, 'conversationId'> & { conversation: Ref; limit: number } {
  if (afterSeq !== undefined && beforeSeq !== undefined)
    refuse('invalid', { field: 'beforeSeq', reason: 'afterSeq or beforeSeq, not both.' })
  return {
    ...{ conversation: refOf('conversation', id), afterSeq, beforeSeq, isInternalIncluded: true },
    ...{ order: afterSeq === undefined ? 'desc' : 'asc', limit: limit + 1 },
  }
}
