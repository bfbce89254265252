import type { ChannelAdapter, SendOutcome } from '../../application/ports/channel-adapter.ts'
import type { House } from '../../application/ports/house.ts'
import type { DispatchTurn } from '../../application/dispatch/take-turn.ts'
import { takeTurn } from '../../application/dispatch/take-turn.ts'
import type { ChannelTransport } from '../../domain/channel.ts'
import { parseConversation } from '../payload.ts'

export interface DispatchParts {
  house: House
  adapters: Record<ChannelTransport, ChannelAdapter>
  publicOrigin(): string
  /** Names this attempt; two attempts at one conversation never share a name. */
  newHolder(): string
  onBug(error: unknown): void
}

/** `message.dispatch {accountId, conversationId}`: sends a conversation's pending messages, in order, one at a time. */
export function createMessageDispatch(parts: DispatchParts) {
  return async (payload: unknown): Promise<void> => {
    const { system, conversationId } = parseConversation(payload)
    const holder = parts.newHolder()
    let done: DispatchTurn['done'] = null
    for (;;) {
      const turn: DispatchTurn = { conversationId, holder, done }
      const outbound = await parts.house.act(takeTurn, system, turn)
      if (!outbound) return
      const { attachment, id: messageId } = outbound.message
      const fileUrl = attachment && parts.publicOrigin() + attachment.path
      const adapter = parts.adapters[outbound.channel.transport]
      done = { messageId, outcome: await attempt(adapter.send({ ...outbound, fileUrl }), parts.onBug) }
    }
  }
}

/** An adapter that throws has a bug; the message waits for its next attempt all the same. */
async function attempt(sending: Promise<SendOutcome>, onBug: (error: unknown) => void): Promise<SendOutcome> {
  try {
    return await sending
  } catch (error) {
    onBug(error)
    return { kind: 'deferred', reason: 'the transport failed' }
  }
}
