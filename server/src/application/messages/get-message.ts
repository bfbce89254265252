import type { Actor } from '../../domain/actor.ts'
import { refuse } from '../../domain/errors.ts'
import type { Message } from '../../domain/message.ts'
import { allow } from '../../domain/permissions.ts'
import type { Ref } from '../../domain/ref.ts'
import type { Reader } from '../ports/reader.ts'

/** Refuses `not_found`, also for a message of a conversation that is not before the actor. */
export async function getMessage(reader: Reader, actor: Actor, input: { message: Ref }): Promise<Message> {
  allow(actor, 'message.read')
  const message = (await reader.messages.find(input.message)) ?? refuse('not_found', { what: 'message' })
  if (await reader.conversations.isWithin(message.conversationId)) return message
  return refuse('not_found', { what: 'message' })
}
