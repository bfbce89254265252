import type { Actor } from '../../domain/actor.ts'
import type { Attachment, StoredFile } from '../../domain/attachment.ts'
import { allow } from '../../domain/permissions.ts'
import type { Ref } from '../../domain/ref.ts'
import { viewConversation } from '../conversations/load.ts'
import type { Tools } from '../ports/house.ts'
import type { Reader } from '../ports/reader.ts'
import type { Transaction } from '../ports/transaction.ts'
import { keepFile } from './keep-file.ts'

/** A file for a message that follows: bytes already received, bytes still coming in, or a URL to fetch them from. */
export interface UploadAttachment {
  conversation: Ref
  file: { stored: StoredFile } | { receive(): Promise<StoredFile> } | { url: string }
}

/** Keeps a file for one message of the conversation. Refuses `not_found` before anything is received or fetched. */
export async function uploadAttachment(
  tools: Tools,
  actor: Actor,
  input: UploadAttachment,
): Promise<Attachment> {
  allow(actor, 'message.write')
  const conversationId = await tools.ask(idOf, actor, input.conversation)
  const stored = await take(tools, input.file)
  return tools.act(keepUpload, actor, { conversationId, stored })
}

async function take(tools: Tools, file: UploadAttachment['file']): Promise<StoredFile> {
  if ('stored' in file) return file.stored
  return 'url' in file ? tools.files.fetch(file.url) : file.receive()
}

async function idOf(reader: Reader, _actor: Actor, ref: Ref): Promise<string> {
  return (await viewConversation(reader, ref)).conversation.id
}

async function keepUpload(
  tx: Transaction,
  _actor: Actor,
  input: { conversationId: string; stored: StoredFile },
): Promise<Attachment> {
  return keepFile(tx, input.stored, input.conversationId)
}
