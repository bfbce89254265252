import type { Actor } from '../../domain/actor.ts'
import { refuse } from '../../domain/errors.ts'
import { allow } from '../../domain/permissions.ts'
import type { Ref } from '../../domain/ref.ts'
import type { ContactFacts } from '../contacts/resolve-contact.ts'
import { resolveContact } from '../contacts/resolve-contact.ts'
import { openConversation } from '../conversations/open-conversation.ts'
import { silently } from '../events/silently.ts'
import type { Append, Appended, Content } from '../messages/append.ts'
import { appendWithin } from '../messages/append-within.ts'
import type { Transaction } from '../ports/transaction.ts'

/** A contact's message as a channel brings it. `providerMessageId`, `clientId`, and an `id` of its sender's, make it come only once. */
export interface ReceiveMessage {
  channel: Ref
  from: ContactFacts
  content: Content
  providerMessageId?: string
  clientId?: string
  id?: string
  occurredAt?: Date
  /** It took place elsewhere; outgoing when our side said it there. */
  echo?: { isOutgoing: boolean }
  isSilent?: boolean
}

/** Takes a contact's message in: the contact and the conversation are found or made, and all is committed together. */
export async function receiveMessage(
  tx: Transaction,
  actor: Actor,
  input: ReceiveMessage,
): Promise<Appended> {
  allow(actor, 'channel.speak')
  const channel = (await tx.channels.find(input.channel)) ?? refuse('not_found', { what: 'channel' })
  const heard = silently(tx, input.isSilent ?? false)
  const { identity } = await resolveContact(heard, channel, input.from)
  const { conversation } = await openConversation(heard, channel, identity, null)
  return appendWithin(tx, appendOf(input, conversation.id), null)
}

/** The message as one more entry of its conversation. */
export function appendOf(input: ReceiveMessage, conversationId: string): Append {
  const { content, id, providerMessageId, clientId, occurredAt, echo, isSilent } = input
  return {
    conversation: { id: conversationId },
    speaker: echo?.isOutgoing ? { system: true } : { contact: true },
    ...{ content, id, providerMessageId, clientId, occurredAt, echo, isSilent },
  }
}
