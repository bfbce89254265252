import type { Actor } from '../domain/actor.ts'

/** A payload that names a conversation, and the system as its actor. Throws on anything else: the job is broken. */
export function parseConversation(payload: unknown): { system: Actor; conversationId: string } {
  const { accountId, conversationId } = Object(payload) as Record<string, unknown>
  if (typeof accountId !== 'string' || typeof conversationId !== 'string')
    throw new Error('the job names no account or no conversation')
  const system: Actor = {
    accountId,
    accountNumber: 0,
    kind: 'system',
    id: null,
    operatorId: null,
    permissions: new Set(),
  }
  return { system, conversationId }
}
