import { refuse } from '../../domain/errors.ts'
import type { Ref } from '../../domain/ref.ts'
import { isUuid } from '../../platform/ids.ts'

// This dialect speaks the UUID of every row; what is not one names nothing.

export function conversationRef(text: string): Ref {
  return isUuid(text) ? { id: text.toLowerCase() } : refuse('not_found', { what: 'conversation' })
}

/** An agent is an operator. */
export function agentRef(text: string): Ref {
  return isUuid(text) ? { id: text.toLowerCase() } : refuse('not_found', { what: 'operator' })
}

/** A message's id, chosen by the caller. */
export function messageId(text: string): string {
  return isUuid(text) ? text.toLowerCase() : refuse('invalid', { field: 'uuid' })
}
