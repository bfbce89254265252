import { wakeConversation } from '../../application/conversations/wake-conversation.ts'
import type { House } from '../../application/ports/house.ts'
import { parseConversation, systemOf } from '../payload.ts'

/** `conversation.wake {accountId, conversationId}`: opens a snoozed conversation when its time has come. */
export function createConversationWake(house: House) {
  return async (payload: unknown): Promise<void> => {
    const { accountId, conversationId } = parseConversation(payload)
    await house.act(wakeConversation, systemOf(accountId), { conversationId })
  }
}
