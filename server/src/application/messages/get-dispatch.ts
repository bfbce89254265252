import type { Actor } from '../../domain/actor.ts'
import { refuse } from '../../domain/errors.ts'
import type { Message } from '../../domain/message.ts'
import { allow } from '../../domain/permissions.ts'
import type { Ref } from '../../domain/ref.ts'
import { names } from '../../domain/ref.ts'
import type { ConversationView } from '../../domain/view.ts'
import type { Reader } from '../ports/reader.ts'

export interface GetDispatch {
  channel: Ref
  dispatchNumber: number
}

/** The message a dispatch carries, with its conversation. Refuses `not_found`, also for another channel's dispatch. */
export async function getDispatch(
  reader: Reader,
  actor: Actor,
  input: GetDispatch,
): Promise<{ message: Message; view: ConversationView }> {
  allow(actor, 'message.read')
  const [message] = await reader.messages.byDispatch(input.dispatchNumber)
  const view = message && (await reader.conversations.view({ id: message.conversationId }))
  if (!view || !names(input.channel, view.channel)) refuse('not_found', { what: 'dispatch' })
  return { message, view }
}
