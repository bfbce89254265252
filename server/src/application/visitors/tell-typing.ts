import type { Actor } from '../../domain/actor.ts'
import { allowVisitor } from '../../domain/permissions.ts'
import type { Tools } from '../ports/house.ts'
import type { Reader } from '../ports/reader.ts'
import type { Typist } from '../ports/signals.ts'

/** A visitor writes just now, or does not any more. Before its first message there is nobody to tell. */
export async function tellVisitorTyping(
  tools: Tools,
  actor: Actor,
  { isTyping }: { isTyping: boolean },
): Promise<void> {
  const found = await tools.ask(findTypist, actor, null)
  if (found) tools.signals.send(actor.accountId, { type: 'typing', isTyping, ...found })
}

async function findTypist(
  reader: Reader,
  actor: Actor,
): Promise<{ conversationId: string; by: Typist } | null> {
  const { channelId, externalId } = allowVisitor(actor)
  const identity = await reader.contacts.identityOn(channelId, externalId)
  const talk = identity && (await reader.conversations.talk(channelId, externalId))
  if (!talk) return null
  const { conversationId, contact } = talk
  return { conversationId, by: { kind: 'contact', id: identity.contactId, name: contact.name ?? '' } }
}
