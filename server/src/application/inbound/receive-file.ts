import type { Actor } from '../../domain/actor.ts'
import type { StoredFile } from '../../domain/attachment.ts'
import { refuse } from '../../domain/errors.ts'
import { allow } from '../../domain/permissions.ts'
import type { Appended } from '../messages/append.ts'
import type { Tools } from '../ports/house.ts'
import type { Reader } from '../ports/reader.ts'
import type { ReceiveMessage } from './receive-message.ts'
import { receive } from './receive.ts'

/** A contact's file that is to be fetched from where the channel says it is. `text` is the caption. */
export interface ReceiveFile extends Omit<ReceiveMessage, 'content'> {
  url: string
  text?: string
}

/** Fetches a contact's file and takes it in. The fetch is before the transaction; a repeat fetches nothing. */
export async function receiveFile(tools: Tools, actor: Actor, input: ReceiveFile): Promise<Appended> {
  allow(actor, 'channel.speak')
  const { url, text, ...received } = input
  const known = await tools.ask(findReceived, actor, input)
  const stored = known ?? (await tools.files.fetch(url))
  const content = { kind: 'file' as const, text: text ?? '', file: { stored, sourceUrl: url } }
  return receive(tools, actor, { ...received, content })
}

/** The file of an earlier message with the same provider id; refuses `conflict` when that one has none. */
async function findReceived(reader: Reader, _actor: Actor, input: ReceiveFile): Promise<StoredFile | null> {
  const channel = (await reader.channels.find(input.channel)) ?? refuse('not_found', { what: 'channel' })
  if (input.providerMessageId === undefined) return null
  const known = await reader.messages.findByProviderId(channel.id, input.providerMessageId)
  if (known && !known.attachment) refuse('conflict', { what: 'message', field: 'id' })
  return known?.attachment ?? null
}
