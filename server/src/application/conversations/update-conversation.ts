import type { Actor, Doer } from '../../domain/actor.ts'
import type { Conversation, ConversationStatus, Priority } from '../../domain/conversation.ts'
import { mergeMetadata, reopen } from '../../domain/conversation.ts'
import { refuse } from '../../domain/errors.ts'
import { allow } from '../../domain/permissions.ts'
import type { JsonObject, Ref } from '../../domain/ref.ts'
import type { ConversationView } from '../../domain/view.ts'
import type { Transaction } from '../ports/transaction.ts'
import { actingOperator, asDoer } from './doer.ts'
import { closeWithEpisode, openEpisodeIfReopened } from './episodes.ts'
import { lockConversation, viewConversation } from './load.ts'

/** What to change; what is absent stays. Metadata is merged (a key set to null goes), tags and flags given replace. */
export interface UpdateConversation {
  conversation: Ref
  status?: ConversationStatus
  /** When a snoozed one opens by itself; without it, when the contact writes. */
  snoozedUntil?: Date
  priority?: Priority
  metadata?: JsonObject
  tags?: string[]
  /** Null or empty clears. */
  note?: string | null
  flags?: Record<string, boolean | 'flip'>
}

/** Changes a conversation's properties. Closing and opening by status have the effects of closing and opening. */
export async function updateConversation(
  tx: Transaction,
  actor: Actor,
  input: UpdateConversation,
): Promise<ConversationView> {
  allow(actor, 'conversation.write')
  const before = await lockConversation(tx, input.conversation)
  if (input.snoozedUntil && input.snoozedUntil <= tx.now)
    refuse('invalid', { field: 'snoozedUntil', reason: 'snoozedUntil is in the past' })
  if (changedFields(input).length === 0) return viewConversation(tx, { id: before.id })
  const by = asDoer(await actingOperator(tx, actor))
  const restated = await restate(tx, before, input, by)
  const after = { ...restated, ...properties(before, input), updatedAt: tx.now }
  await tx.conversations.save(after)
  if (after.snoozedUntil) await tx.enqueueWake(after.id, after.snoozedUntil.getTime() - tx.now.getTime())
  await recordUpdate(tx, before, after, { by, changed: changedFields(input) })
  return viewConversation(tx, { id: after.id })
}

function properties(before: Conversation, input: UpdateConversation): Partial<Conversation> {
  const flags = Object.entries(input.flags ?? {}).map(([name, value]) => [
    name,
    value === 'flip' ? !before.flags[name] : value,
  ])
  return {
    priority: input.priority ?? before.priority,
    metadata: input.metadata ? mergeMetadata(before.metadata, input.metadata) : before.metadata,
    tags: input.tags ?? before.tags,
    note: input.note === undefined ? before.note : input.note || null,
    flags: { ...before.flags, ...Object.fromEntries(flags) },
  }
}

async function restate(
  tx: Transaction,
  before: Conversation,
  input: UpdateConversation,
  by: Doer,
): Promise<Conversation> {
  const { status } = input
  if (!status || (status === before.status && status !== 'snoozed')) return before
  if (status === 'closed') return closeWithEpisode(tx, before, { by, reason: null, resolution: null }, false)
  const opened = await openEpisodeIfReopened(tx, {
    before,
    after: before.status === 'closed' ? reopen(before, by, tx.now) : before,
    by,
    isSilent: false,
    isAlone: true,
  })
  return { ...opened, status, snoozedUntil: status === 'snoozed' ? (input.snoozedUntil ?? null) : null }
}

function changedFields(input: UpdateConversation): string[] {
  const { conversation: _conversation, ...given } = input
  return Object.keys(given).filter((key) => given[key as keyof typeof given] !== undefined)
}

/** One primary event for one action: a closing or opening has told itself already. */
async function recordUpdate(
  tx: Transaction,
  before: Conversation,
  after: Conversation,
  told: { by: Doer; changed: string[] },
): Promise<void> {
  const hasToldItself = (before.status === 'closed') !== (after.status === 'closed')
  const changed = hasToldItself ? told.changed.filter((field) => field !== 'status') : told.changed
  if (changed.length > 0)
    await tx.record({ type: 'conversation.updated', conversationId: after.id, changed, by: told.by })
}
