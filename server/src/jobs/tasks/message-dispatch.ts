import type { Done, DispatchTurn, TurnTaken } from '../../application/dispatch/take-turns.ts'
import type { ChannelAdapter, Outbound, SendOutcome } from '../../application/ports/channel-adapter.ts'
import { CHANNEL_OFF, isSwitchedOff, type ChannelTransport } from '../../domain/channel.ts'
import { parseConversations, type ConversationNamed } from '../payload.ts'

export interface DispatchParts {
  takeTurn(turn: DispatchTurn): Promise<TurnTaken>
  adapters: Record<ChannelTransport, ChannelAdapter>
  publicOrigin(): string
  /** Names this attempt; two attempts at one conversation never share a name. */
  newHolder(): string
  onBug(error: unknown): void
}

/**
 * `message.dispatch {conversations: [{accountId, conversationId}]}`: sends the waiting messages of each, in order, one at a
 * time; the conversations beside each other, so that a slow one holds up only itself.
 */
export function createMessageDispatch(parts: DispatchParts) {
  return async (payload: unknown): Promise<void> => {
    const drained = await Promise.allSettled(parseConversations(payload).map((named) => drain(parts, named)))
    for (const outcome of drained) if (outcome.status === 'rejected') throw outcome.reason
  }
}

async function drain(parts: DispatchParts, named: ConversationNamed): Promise<void> {
  const holder = parts.newHolder()
  let done: Done | null = null
  for (;;) {
    const turn: DispatchTurn = { ...named, holder, done }
    const { next } = await parts.takeTurn(turn)
    if (!next) return
    const { id: messageId, seq } = next.message
    done = { messageId, seq, attempts: next.attempts, outcome: await attempt(parts, next) }
  }
}

/** An adapter that throws has a bug; the message waits for its next attempt all the same. */
async function attempt(parts: DispatchParts, outbound: Omit<Outbound, 'fileUrl'>): Promise<SendOutcome> {
  if (isSwitchedOff(outbound.channel)) return { kind: 'refused', reason: CHANNEL_OFF }
  const { attachment } = outbound.message
  const fileUrl = attachment && parts.publicOrigin() + attachment.path
  try {
    return await parts.adapters[outbound.channel.transport].send({ ...outbound, fileUrl })
  } catch (error) {
    parts.onBug(error)
    return { kind: 'deferred', reason: 'the transport failed' }
  }
}
