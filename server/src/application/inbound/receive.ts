import type { Actor } from '../../domain/actor.ts'
import { DomainError, refuse } from '../../domain/errors.ts'
import { allow } from '../../domain/permissions.ts'
import type { ContactFacts } from '../contacts/resolve-contact.ts'
import type { Appended } from '../messages/append.ts'
import type { Tools } from '../ports/house.ts'
import type { Reader, Talk } from '../ports/reader.ts'
import type { ReceiveMessage } from './receive-message.ts'
import { appendOf, receiveMessage } from './receive-message.ts'

/**
 * Takes a contact's message in. From somebody known, of whom nothing new is told, it joins the batch that is being
 * appended; a first message, or news of the contact, has a transaction of its own.
 */
export async function receive(tools: Tools, actor: Actor, input: ReceiveMessage): Promise<Appended> {
  allow(actor, 'channel.speak')
  const conversationId = await tools.ask(findTalk, actor, input)
  if (conversationId === null) return tools.act(receiveMessage, actor, input)
  try {
    return await tools.append(actor, appendOf(input, conversationId))
  } catch (error) {
    // The contact was deleted between the look and the append: whoever writes after that is somebody new.
    const isGone = error instanceof DomainError && error.code === 'not_found'
    if (!isGone) throw error
    return tools.act(receiveMessage, actor, input)
  }
}

/** The conversation that the message belongs to; null when it, its contact, or something about the contact is new. */
async function findTalk(reader: Reader, _actor: Actor, input: ReceiveMessage): Promise<string | null> {
  const channel = (await reader.channels.find(input.channel)) ?? refuse('not_found', { what: 'channel' })
  const talk = await reader.conversations.talk(channel.id, input.from.externalId)
  return talk && isOldNews(talk.contact, input.from) ? talk.conversationId : null
}

function isOldNews(contact: Talk['contact'], facts: ContactFacts): boolean {
  const { name, phone, email, extraFields } = facts
  const isKnown = (told: string | undefined, known: string | null) => told === undefined || told === known
  return (
    isKnown(name, contact.name) &&
    isKnown(phone, contact.phone) &&
    isKnown(email, contact.email) &&
    extraFields === undefined
  )
}
