import { DomainError } from '../../domain/errors.ts'
import type { KnownMessage, LedgerEntry, MessageLedger } from '../ports/message-ledger.ts'
import type { ActedAppend, Append, Appended } from './append.ts'
import { directionOf } from './append.ts'

/** The items of a batch whose key was seen before, in the database or earlier in the same batch. */
export interface Repeats {
  /** Known outcomes by place; null for items still to be decided. */
  outcomes: (Appended | DomainError | null)[]
  /** Answers the repeats of items decided in this batch, once these have their outcome. */
  settle(outcomes: (Appended | DomainError | null)[]): void
}

/** Finds repeats: the same key gets the first one's message, or `conflict` when it carries something else. */
export async function findRepeat(
  ledger: MessageLedger,
  appends: ActedAppend[],
  entries: (LedgerEntry | null)[],
): Promise<Repeats> {
  const known = await findKnown(ledger, appends, entries)
  const taken = await ledger.takenIds(
    appends.flatMap(({ accountId, append }) => (append.id ? [{ accountId, id: append.id }] : [])),
  )
  const outcomes: Repeats['outcomes'] = appends.map(() => null)
  const firsts = new Map<string, number>()
  const followers: { index: number; first: number }[] = []
  for (const [index, { append, accountId }] of appends.entries()) {
    const entry = entries[index]
    if (!entry) continue
    const original = known[index]
    const key = keyOf(append, entry)
    const first = key === null ? undefined : firsts.get(key)
    if (original) outcomes[index] = repeatOf(append, original, entry)
    else if (append.id && taken.has(`${accountId}:${append.id}`)) outcomes[index] = keyConflict()
    else if (first !== undefined) followers.push({ index, first })
    else if (key !== null) firsts.set(key, index)
    if (first !== undefined && !outcomes[index]) outcomes[index] = keyConflict()
  }
  return { outcomes, settle: (settled) => settle(settled, followers, appends) }
}

function keyOf(append: Append, entry: LedgerEntry): string | null {
  const clientId = append.id ?? append.clientId
  if (clientId) return `client:${entry.conversation.id}:${clientId}`
  if (append.providerMessageId) return `provider:${entry.channel.id}:${append.providerMessageId}`
  return null
}

function keyConflict(): DomainError {
  return new DomainError('conflict', {
    what: 'message',
    field: 'id',
    reason: 'the key is in use by another message',
  })
}

async function findKnown(
  ledger: MessageLedger,
  appends: ActedAppend[],
  entries: (LedgerEntry | null)[],
): Promise<(KnownMessage | null)[]> {
  const known: (KnownMessage | null)[] = appends.map(() => null)
  const byClient: { index: number; accountId: string; conversationId: string; clientId: string }[] = []
  const byProvider: { index: number; accountId: string; channelId: string; providerMessageId: string }[] = []
  for (const [index, { append, accountId }] of appends.entries()) {
    const entry = entries[index]
    if (!entry) continue
    const clientId = append.id ?? append.clientId
    if (clientId) byClient.push({ index, accountId, conversationId: entry.conversation.id, clientId })
    if (append.providerMessageId)
      byProvider.push({
        index,
        accountId,
        channelId: entry.channel.id,
        providerMessageId: append.providerMessageId,
      })
  }
  const clients = await ledger.findByClientIds(byClient)
  const providers = await ledger.findByProviderIds(byProvider)
  for (const [position, { index }] of byClient.entries()) known[index] = clients[position] ?? null
  for (const [position, { index }] of byProvider.entries()) known[index] ??= providers[position] ?? null
  return known
}

function repeatOf(append: Append, original: KnownMessage, entry: LedgerEntry): Appended | DomainError {
  const isElsewhere = original.message.conversationId !== entry.conversation.id
  const isReversed = original.message.direction !== directionOf(append)
  if (isElsewhere || isReversed || !saysTheSame(append, original)) return keyConflict()
  return { ...entry, message: original.message, isRepeat: true }
}

/** A repeat says the same when its words and its file's source are the same. */
function saysTheSame(append: Append, { message, sourceUrl }: KnownMessage): boolean {
  const { content } = append
  if (content.text !== message.text) return false
  if (content.kind !== 'file') return content.kind === message.kind
  if (!message.attachment) return false
  if (!('stored' in content.file)) return true
  return content.file.sourceUrl === sourceUrl
}

function settle(
  outcomes: (Appended | DomainError | null)[],
  followers: { index: number; first: number }[],
  appends: ActedAppend[],
): void {
  for (const { index, first } of followers) {
    const leader = outcomes[first]
    const append = appends[index]?.append
    if (!leader || !append) continue
    if (leader instanceof DomainError) outcomes[index] = leader
    else {
      const sourceUrl = sourceOf(appends[first]?.append)
      outcomes[index] = repeatOf(append, { message: leader.message, sourceUrl }, leader)
    }
  }
}

function sourceOf(append: Append | undefined): string | null {
  if (append?.content.kind !== 'file' || !('stored' in append.content.file)) return null
  return append.content.file.sourceUrl
}
