import { refuse } from '../../domain/errors.ts'
import { allow } from '../../domain/permissions.ts'
import type { Ref } from '../../domain/ref.ts'
import { actingOperator } from '../conversations/doer.ts'
import { viewConversation } from '../conversations/load.ts'
import type { Procedure, Query } from '../ports/house.ts'
import type { Typist } from '../ports/signals.ts'

export interface TellTyping {
  conversation: Ref
  isTyping: boolean
}

/** Says that the actor's operator writes, or does not any more, to whoever looks on. Nothing is kept of it. */
export const tellTyping: Procedure<TellTyping, void> = async (tools, actor, { conversation, isTyping }) => {
  const { conversationId, by } = await tools.ask(findTypist, actor, conversation)
  tools.signals.send(actor.accountId, { type: 'typing', conversationId, by, isTyping })
}

const findTypist: Query<Ref, { conversationId: string; by: Typist }> = async (reader, actor, ref) => {
  allow(actor, 'message.write')
  const { conversation } = await viewConversation(reader, ref)
  const { id, name } = await actingOperator(reader, actor)
  return { conversationId: conversation.id, by: { kind: 'operator', id, name } }
}

/** The conversation of that name, before the actor. Refuses `not_found`. */
export const findWithin: Query<Ref, string> = async (reader, actor, ref) => {
  allow(actor, 'conversation.read')
  if (!('id' in ref)) return (await viewConversation(reader, ref)).conversation.id
  return (await reader.conversations.isWithin(ref.id))
    ? ref.id
    : refuse('not_found', { what: 'conversation' })
}
