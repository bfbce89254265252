import type { Actor } from '../../domain/actor.ts'
import { cleanFileName } from '../../domain/attachment.ts'
import type { StoredFile } from '../../domain/attachment.ts'
import { allow } from '../../domain/permissions.ts'
import type { JsonObject, Ref } from '../../domain/ref.ts'
import { viewConversation } from '../conversations/load.ts'
import type { Tools } from '../ports/house.ts'
import type { Reader } from '../ports/reader.ts'
import type { Appended, Content, FileSource } from './append.ts'

/** What to say or to note; a file by its URL is fetched and kept here, and may be called otherwise. */
export type Saying =
  | Exclude<Content, { kind: 'file' | 'review' }>
  | { kind: 'file'; text: string; file: FileSource | { url: string; name?: string } }

export interface SayMessage {
  conversation: Ref
  saying: Saying
  metadata?: JsonObject
  /** The same one comes only once. */
  clientId?: string
}

/** Says something in a conversation, in the actor's name. What can be refused without fetching is refused first; a repeat fetches nothing. */
export async function sayMessage(tools: Tools, actor: Actor, input: SayMessage): Promise<Appended> {
  allow(actor, 'message.write')
  const { conversation, saying, metadata, clientId } = input
  const content = await contentOf(tools, actor, input, saying)
  return tools.append(actor, { conversation, speaker: { operator: 'actor' }, content, metadata, clientId })
}

async function contentOf(tools: Tools, actor: Actor, input: SayMessage, saying: Saying): Promise<Content> {
  if (saying.kind !== 'file') return saying
  const { kind, text, file } = saying
  if (!('url' in file)) return { kind, text, file }
  const known = await tools.ask(foresee, actor, input)
  const stored = known ?? (await tools.files.fetch(file.url))
  const originalName = (file.name && cleanFileName(file.name)) || stored.originalName
  return { kind, text, file: { stored: { ...stored, originalName }, sourceUrl: file.url } }
}

/** Refuses what would be refused anyway; the file of an earlier message with the same key. */
async function foresee(reader: Reader, _actor: Actor, input: SayMessage): Promise<StoredFile | null> {
  const { conversation } = await viewConversation(reader, input.conversation)
  const known = input.clientId && (await reader.messages.findByClientId(conversation.id, input.clientId))
  return (known || null)?.attachment ?? null
}
