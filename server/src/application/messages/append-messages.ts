import { attachmentPath } from '../../domain/attachment.ts'
import { hasFarSide } from '../../domain/channel.ts'
import type { Attachment } from '../../domain/attachment.ts'
import type { Episode } from '../../domain/conversation.ts'
import { nextMicros, withEntry } from '../../domain/conversation.ts'
import { DomainError } from '../../domain/errors.ts'
import type { DomainEvent } from '../../domain/events.ts'
import type { Message, MessageKind } from '../../domain/message.ts'
import { isWithin, type Reach } from '../../domain/permissions.ts'
import type { ConversationChange, LedgerEntry, MessageLedger, NewMessage } from '../ports/message-ledger.ts'
import type { ActedAppend, Append, Appended, ResolvedAppend } from './append.ts'
import { directionOf } from './append.ts'
import { findRepeat } from './find-repeat.ts'
import { resolveAppends } from './resolve-appends.ts'

/** What one append decides to write. */
interface Decision {
  index: number
  entry: LedgerEntry
  message: NewMessage
  attachment: Attachment | null
  authorNumber: number | null
}

/** What a whole batch writes, besides its messages. */
interface Writes {
  decisions: Decision[]
  attachments: Omit<Attachment, 'number'>[]
  bindings: { accountId: string; attachmentId: string; messageId: string }[]
  episodes: Omit<Episode, 'number'>[]
  events: { accountId: string; event: DomainEvent; isSilent: boolean }[]
}

/**
 * The one way a message comes to be, from any dialect, channel or bot: many at once, in a few statements.
 * A refused item is a value in its place; it never fails its neighbours. A repeat gets the first one's message.
 */
export async function appendMessages(
  ledger: MessageLedger,
  appends: ActedAppend[],
): Promise<(Appended | DomainError)[]> {
  const locked = await ledger.lock(
    appends.map(({ accountId, append }) => ({ accountId, ref: append.conversation })),
  )
  const entries = appends.map(({ reach }, index) => withinReach(locked[index] ?? null, reach))
  const repeats = await findRepeat(ledger, appends, entries)
  const resolved = await resolveAppends(ledger, appends, entries)
  const outcomes: (Appended | DomainError | null)[] = appends.map(
    (_, index) => repeats.outcomes[index] ?? asRefusal(resolved[index]),
  )
  const writes: Writes = { decisions: [], attachments: [], bindings: [], episodes: [], events: [] }
  const changes = new Map<string, ConversationChange>()
  for (const [index, entry] of entries.entries()) {
    const item = resolved[index]
    if (outcomes[index] || !entry || !item || item instanceof DomainError) continue
    const { conversation: before } = entry
    const conversation = changes.get(before.id)?.after ?? before
    const decision = decide(ledger, item, { ...entry, conversation }, writes)
    decision.index = index
    changes.set(before.id, { before, after: decision.entry.conversation })
  }
  await write(ledger, writes, [...changes.values()], outcomes)
  repeats.settle(outcomes)
  return outcomes.map((outcome) => outcome ?? new DomainError('not_found', { what: 'conversation' }))
}

function withinReach(entry: LedgerEntry | null, reach: Reach): LedgerEntry | null {
  return entry && isWithin(reach, entry.conversation) ? entry : null
}

function asRefusal(item: ResolvedAppend | DomainError | null | undefined): DomainError | null {
  return item instanceof DomainError ? item : null
}

/** Numbers the entry and says what it changes; nothing is written yet. */
function decide(ledger: MessageLedger, item: ResolvedAppend, entry: LedgerEntry, writes: Writes): Decision {
  const { append } = item.acted
  const attachment = item.attachment ?? freshAttachment(ledger, item, entry)
  const message = newMessage(ledger, item, entry, attachment)
  const before = entry.conversation
  const after = withEntry(before, { ...message, author: message.author.kind }, ledger.now)
  const accountId = before.accountId
  const isSilent = append.isSilent ?? false
  if (attachment && !item.attachment) writes.attachments.push({ ...attachment, messageId: null })
  if (attachment) writes.bindings.push({ accountId, attachmentId: attachment.id, messageId: message.id })
  if (message.direction === 'inbound' && (before.status === 'closed' || !before.episodeId)) {
    const episode = openedBy(ledger, item, entry)
    after.episodeId = episode.id
    if (before.status === 'closed')
      Object.assign(after, { reopenedAt: ledger.now, reopenedBy: episode.openedBy })
    writes.episodes.push(episode)
    writes.events.push({
      accountId,
      isSilent,
      event: {
        type: 'conversation.opened',
        conversationId: before.id,
        episodeId: episode.id,
        by: episode.openedBy,
        wasClosed: before.status === 'closed',
      },
    })
  }
  writes.events.push({ accountId, isSilent, event: eventOf(message, after.lastSeq) })
  message.seq = after.lastSeq
  const decision = {
    index: 0,
    entry: { ...entry, conversation: after },
    message,
    attachment,
    authorNumber: item.authorNumber,
  }
  writes.decisions.push(decision)
  return decision
}

function freshAttachment(ledger: MessageLedger, item: ResolvedAppend, entry: LedgerEntry): Attachment | null {
  const { content } = item.acted.append
  if (content.kind !== 'file' || !('stored' in content.file)) return null
  const { stored } = content.file
  return {
    ...stored,
    id: ledger.ids.next(),
    number: 0,
    accountId: item.acted.accountId,
    conversationId: entry.conversation.id,
    messageId: null,
    path: attachmentPath(ledger.ids.bytes(3), ledger.ids.bytes(32), stored.ext),
    createdAt: ledger.now,
    updatedAt: ledger.now,
  }
}

function newMessage(
  ledger: MessageLedger,
  item: ResolvedAppend,
  entry: LedgerEntry,
  attachment: Attachment | null,
): NewMessage {
  const { append } = item.acted
  const { content } = append
  const direction = directionOf(append)
  const isDispatched = direction === 'outbound' && content.kind !== 'note' && !append.echo
  const isPending = isDispatched && hasFarSide(entry.channel)
  const status = isPending ? 'pending' : direction === 'inbound' ? 'delivered' : 'sent'
  return {
    id: append.id ?? ledger.ids.next(),
    accountId: item.acted.accountId,
    conversationId: entry.conversation.id,
    channelId: entry.channel.id,
    seq: 0,
    kind: kindOf(append, attachment),
    direction,
    author: item.author,
    text: content.text,
    attachmentId: attachment?.id ?? null,
    details: 'details' in content ? (content.details ?? null) : null,
    status,
    error: null,
    reviewId: content.kind === 'review' ? content.reviewId : null,
    clientId: append.id ?? append.clientId ?? null,
    providerMessageId: append.providerMessageId ?? null,
    isDispatched,
    isEcho: append.echo !== undefined,
    isEchoOutgoing: append.echo?.isOutgoing ?? false,
    isHistory: false,
    sendToCrm: append.sendToCrm ?? true,
    metadata: append.metadata ?? {},
    sourceUrl: content.kind === 'file' && 'stored' in content.file ? content.file.sourceUrl : null,
    micros: nextMicros(entry.conversation, ledger.now),
    occurredAt: append.occurredAt ?? ledger.now,
    createdAt: ledger.now,
    updatedAt: ledger.now,
    sentAt: status === 'sent' ? ledger.now : null,
    deliveredAt: status === 'delivered' ? ledger.now : null,
    readAt: null,
  }
}

function kindOf(append: Append, attachment: Attachment | null): MessageKind {
  return append.content.kind === 'file' ? (attachment?.kind ?? 'file') : append.content.kind
}

function openedBy(ledger: MessageLedger, item: ResolvedAppend, entry: LedgerEntry): Omit<Episode, 'number'> {
  return {
    id: ledger.ids.next(),
    accountId: item.acted.accountId,
    conversationId: entry.conversation.id,
    openedAt: ledger.now,
    openedBy: { kind: 'contact', id: entry.contact.id, name: item.authorName },
    afterSeq: entry.conversation.lastSeq,
    closedAt: null,
    closedBy: null,
    closureReason: null,
    resolution: null,
  }
}

function eventOf(message: NewMessage, seq: number): DomainEvent {
  const type =
    message.kind === 'note'
      ? 'message.noted'
      : message.direction === 'inbound'
        ? 'message.received'
        : 'message.queued'
  const { id: messageId, conversationId, kind, direction } = message
  const { status } = message
  return { type, conversationId, messageId, seq, kind, direction, author: message.author.kind, status }
}

async function write(
  ledger: MessageLedger,
  writes: Writes,
  changes: ConversationChange[],
  outcomes: (Appended | DomainError | null)[],
): Promise<void> {
  const { decisions } = writes
  if (decisions.length === 0) return
  const stored = await ledger.insertAttachments(writes.attachments)
  const attachments = new Map(stored.map((attachment) => [attachment.id, attachment]))
  await ledger.insertEpisodes(writes.episodes)
  const messages = decisions.map(({ message }) => message)
  const numbers = await ledger.write({ messages, changes, events: writes.events })
  await ledger.bindAttachments(writes.bindings)
  for (const [position, decision] of decisions.entries()) {
    const numbered = numbers[position]
    if (!numbered) throw new Error('The database numbered fewer messages than it was given.')
    const bound = decision.attachment && (attachments.get(decision.attachment.id) ?? decision.attachment)
    outcomes[decision.index] = answer(decision, bound, numbered)
  }
}

function answer(
  decision: Decision,
  attachment: Attachment | null,
  numbered: { number: number; dispatchNumber: number | null },
): Appended {
  const {
    isDispatched: _dispatched,
    sourceUrl: _source,
    attachmentId: _attachment,
    ...kept
  } = decision.message
  const message: Message = {
    ...kept,
    ...numbered,
    authorNumber: decision.authorNumber,
    attachment: attachment && { ...attachment, messageId: kept.id },
  }
  return { ...decision.entry, message, isRepeat: false }
}
