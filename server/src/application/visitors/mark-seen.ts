import { channelActor, type Actor } from '../../domain/actor.ts'
import { seenByContact } from '../../domain/conversation.ts'
import { allowVisitor } from '../../domain/permissions.ts'
import type { Tools } from '../ports/house.ts'
import type { Transaction } from '../ports/transaction.ts'
import { findTalk } from './find-talk.ts'

/** The last entries a visitor was shown and has read. */
export interface MarkSeen {
  receivedSeq?: number
  readSeq?: number
}

/** Moves our messages on to `delivered` and `read`. A visitor without a conversation has seen nothing. */
export async function markSeen(tools: Tools, actor: Actor, seen: MarkSeen): Promise<void> {
  const { channelId } = allowVisitor(actor)
  const conversationId = await tools.ask(findTalk, actor, null)
  if (conversationId) await tools.act(saveSeen, channelActor(actor, channelId), { conversationId, seen })
}

async function saveSeen(
  tx: Transaction,
  _actor: Actor,
  { conversationId, seen }: { conversationId: string; seen: MarkSeen },
): Promise<void> {
  const before = await tx.conversations.lock({ id: conversationId })
  if (!before) return
  const after = seenByContact(before, seen)
  const { contactReadSeq: readSeq, contactReceivedSeq: receivedSeq } = after
  if (readSeq === before.contactReadSeq && receivedSeq === before.contactReceivedSeq) return
  await tx.conversations.save(after)
  const advanced = await tx.messages.advanceSeen({
    ...{ conversationId, afterSeq: before.contactReadSeq, receivedSeq, readSeq },
  })
  await tx.recordAll(
    advanced.map(({ id: messageId, statuses }) => ({
      ...{ type: 'message.advanced', conversationId, messageId, statuses, error: null },
      status: statuses.at(-1) ?? 'delivered',
    })),
  )
}
