import { systemActor, type Actor } from '../domain/actor.ts'

export interface ConversationNamed {
  accountId: string
  conversationId: string
}

/** A payload that names a conversation. Throws on anything else: the job is broken. */
export function parseConversation(payload: unknown): ConversationNamed {
  const { accountId, conversationId } = Object(payload) as Record<string, unknown>
  if (typeof accountId !== 'string' || typeof conversationId !== 'string')
    throw new Error('the job names no account or no conversation')
  return { accountId, conversationId }
}

/** A payload that names several. */
export function parseConversations(payload: unknown): ConversationNamed[] {
  const { conversations } = Object(payload) as Record<string, unknown>
  if (!Array.isArray(conversations)) throw new Error('the job names no conversations')
  return conversations.map(parseConversation)
}

/** The system as the actor of a job. */
export function systemOf(accountId: string): Actor {
  return systemActor(accountId, new Set())
}
