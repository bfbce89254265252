import type { Doer } from '../../domain/actor.ts'
import type { Closure, Conversation } from '../../domain/conversation.ts'
import { close } from '../../domain/conversation.ts'
import type { Transaction } from '../ports/transaction.ts'
import { assigneeAsDoer } from './doer.ts'

/** Begins the next cycle of a conversation; the conversation returned knows it. */
export async function openEpisode(
  tx: Transaction,
  conversation: Conversation,
  by: Doer,
): Promise<Conversation> {
  const episodeId = tx.ids.next()
  await tx.conversations.insertEpisode({
    id: episodeId,
    accountId: conversation.accountId,
    conversationId: conversation.id,
    openedAt: tx.now,
    openedBy: by,
    afterSeq: conversation.lastSeq,
    closedAt: null,
    closedBy: null,
    closureReason: null,
    resolution: null,
  })
  return { ...conversation, episodeId }
}

/** The fact of an assignment that leaves a closed conversation closed. */
export function stayingClosed({ status }: Pick<Conversation, 'status'>): { isClosed?: true } {
  return status === 'closed' ? { isClosed: true } : {}
}

/** A change that may open a closed conversation. `isAlone`: no other event of the same deed says who has it then. */
interface Opening {
  before: Conversation
  after: Conversation
  by: Doer
  isSilent: boolean
  isAlone?: boolean
}

/** Begins the next cycle when the change opened a closed conversation, and says so in the log. */
export async function openEpisodeIfReopened(tx: Transaction, change: Opening): Promise<Conversation> {
  const { before, after, by, isSilent, isAlone } = change
  if (before.status !== 'closed' || after.status === 'closed') return after
  const opened = await openEpisode(tx, { ...after, reopenedAt: tx.now, reopenedBy: by }, by)
  const episodeId = opened.episodeId ?? ''
  const holder = isAlone ? { assignee: await assigneeAsDoer(tx, after) } : {}
  const conversationId = after.id
  await tx.record({ type: 'conversation.reopened', conversationId, episodeId, by, ...holder }, isSilent)
  return opened
}

/** Closes a conversation and ends its current cycle. Refuses `already_closed`. */
export async function closeWithEpisode(
  tx: Transaction,
  before: Conversation,
  closure: Closure,
  isSilent: boolean,
): Promise<Conversation> {
  const closed = close(before, closure, tx.now)
  const { id: conversationId, episodeId } = closed
  const { by: closedBy, reason: closureReason, resolution } = closure
  await tx.conversations.save(closed)
  if (episodeId)
    await tx.conversations.endEpisode({
      id: episodeId,
      closedAt: tx.now,
      closedBy,
      closureReason,
      resolution,
    })
  const assignee = await assigneeAsDoer(tx, before)
  await tx.record(
    { type: 'conversation.closed', conversationId, episodeId, by: closedBy, assignee },
    isSilent,
  )
  return closed
}
