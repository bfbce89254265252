import type { Actor } from '../../domain/actor.ts'
import { cleanFileName } from '../../domain/attachment.ts'
import { refuse } from '../../domain/errors.ts'
import { allow } from '../../domain/permissions.ts'
import type { JsonObject, Ref } from '../../domain/ref.ts'
import { createConversation } from '../conversations/create-conversation.ts'
import { viewConversation } from '../conversations/load.ts'
import type { Tools } from '../ports/house.ts'
import type { Reader } from '../ports/reader.ts'
import type { Appended, Content } from './append.ts'

/** What is to be said; a file is fetched from its URL and kept here. `text` of a file is its caption. */
export type Wording =
  Exclude<Content, { kind: 'file' | 'review' }> | { kind: 'file'; text: string; url: string; name?: string }

/** A message for a conversation, or for whoever has that address on the channel. */
export interface WriteMessage {
  channel: Ref
  to: { conversation: Ref } | { address: string }
  wording: Wording
  metadata?: JsonObject
  /** The same one comes only once. */
  clientId?: string
  /** When to say it. There is no scheduler yet: a moment that has passed is now, a later one is refused. */
  scheduledAt?: Date
}

/**
 * Writes to somebody from our side. Without a conversation the contact and the conversation are found or made, a closed
 * one is opened, and all is committed with the message. What can be refused without fetching is refused first.
 */
export async function writeMessage(tools: Tools, actor: Actor, input: WriteMessage): Promise<Appended> {
  allow(actor, 'message.write')
  await tools.ask(mustBeReachable, actor, input)
  const content = await contentOf(tools, input.wording)
  const { channel, to, metadata, clientId } = input
  if ('conversation' in to)
    return tools.append(actor, {
      ...to,
      channel,
      speaker: { operator: 'actor' },
      content,
      metadata,
      clientId,
    })
  const { said } = await tools.act(createConversation, actor, {
    channel,
    with: to,
    whenActive: 'join',
    first: content,
    firstMetadata: metadata,
    firstClientId: clientId,
  })
  if (!said) throw new Error('A conversation was made for a message and is without it.')
  return said
}

/**
 * Refuses `not_found`, and `invalid` for a moment to come or a conversation that is not on the channel. The latter is left
 * to the append where nothing has to be fetched before.
 */
async function mustBeReachable(reader: Reader, _actor: Actor, input: WriteMessage): Promise<void> {
  const { channel, to, wording, scheduledAt } = input
  if (scheduledAt && scheduledAt > reader.now)
    refuse('invalid', { field: 'scheduledAt', reason: 'sending in the future is not supported yet' })
  const found = (await reader.channels.find(channel)) ?? refuse('not_found', { what: 'channel' })
  if (!('conversation' in to) || wording.kind !== 'file') return
  const { conversation } = await viewConversation(reader, to.conversation)
  if (conversation.channelId !== found.id)
    refuse('invalid', { field: 'channel', reason: 'the conversation is on another channel' })
}

async function contentOf(tools: Tools, wording: Wording): Promise<Content> {
  if (wording.kind !== 'file') return wording
  const { kind, text, url, name } = wording
  const fetched = await tools.files.fetch(url)
  const originalName = (name && cleanFileName(name)) || fetched.originalName
  return { kind, text, file: { stored: { ...fetched, originalName }, sourceUrl: url } }
}
