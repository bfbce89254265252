import type { Actor } from '../../domain/actor.ts'
import { allowVisitor } from '../../domain/permissions.ts'
import type { Reader } from '../ports/reader.ts'

/** The visitor's conversation; null as long as it has none. */
export async function findTalk(reader: Reader, actor: Actor): Promise<string | null> {
  const { channelId, externalId } = allowVisitor(actor)
  return (await reader.conversations.talk(channelId, externalId))?.conversationId ?? null
}
