import type { Actor } from '../../domain/actor.ts'
import type { StoredFile } from '../../domain/attachment.ts'
import { refuse } from '../../domain/errors.ts'
import { allow } from '../../domain/permissions.ts'
import type { Ref } from '../../domain/ref.ts'
import type { Tools } from '../ports/house.ts'
import type { Reader } from '../ports/reader.ts'
import type { Append, Appended } from './append.ts'

/** A message whose file is to be fetched from a URL and kept here. `text` is the caption. */
export interface SendFile extends Omit<Append, 'content'> {
  url: string
  text?: string
}

/** Fetches a file and sends it. What can be refused without fetching is refused first; a repeat fetches nothing. */
export async function sendFile(tools: Tools, actor: Actor, input: SendFile): Promise<Appended> {
  allow(actor, 'message.write')
  const { url, text, ...append } = input
  if (url.trim() === '') refuse('missing', { field: 'url' })
  const known = await tools.ask(foresee, actor, input)
  const stored = known ?? (await tools.files.fetch(url))
  const content = { kind: 'file' as const, text: text ?? '', file: { stored, sourceUrl: url } }
  return tools.append(actor, { ...append, content })
}

/** Refuses what the append would refuse anyway; returns the file of an earlier message with the same key. */
async function foresee(reader: Reader, _actor: Actor, input: SendFile): Promise<StoredFile | null> {
  const view =
    (await reader.conversations.view(input.conversation)) ?? refuse('not_found', { what: 'conversation' })
  if ('operator' in input.speaker && input.speaker.operator !== 'actor')
    await mustExist(reader, input.speaker.operator)
  const key = input.id ?? input.clientId
  const known = key ? await reader.messages.findByClientId(view.conversation.id, key) : null
  if (!known && 'contact' in input.speaker && view.conversation.isLocked)
    refuse('locked', { what: 'conversation' })
  return known?.attachment ?? null
}

async function mustExist(reader: Reader, operator: Ref): Promise<void> {
  if (!(await reader.operators.find(operator))) refuse('not_found', { what: 'operator' })
}
