import { CHANNEL_OFF, isSwitchedOff } from '../../domain/channel.ts'
import { DomainError } from '../../domain/errors.ts'
import type { Operator } from '../../domain/operator.ts'
import type { Attachment } from '../../domain/attachment.ts'
import { displayName } from '../../domain/contact.ts'
import type { Ref } from '../../domain/ref.ts'
import { names } from '../../domain/ref.ts'
import type { LedgerEntry, MessageLedger } from '../ports/message-ledger.ts'
import type { ActedAppend, ResolvedAppend } from './append.ts'

/** Looks up the speakers and uploads that appends name; an unknown one is that item's refusal. */
export async function resolveAppends(
  ledger: MessageLedger,
  appends: ActedAppend[],
  entries: (LedgerEntry | null)[],
): Promise<(ResolvedAppend | DomainError)[]> {
  const operators = await ledger.operators(
    appends.map((acted) => ({ accountId: acted.accountId, ref: speakingOperator(acted) })),
  )
  const uploads = await findUploads(ledger, appends)
  const taken = new Set<string>()
  return appends.map((acted, index) => {
    const entry = entries[index]
    if (!entry) return new DomainError('not_found', { what: 'conversation' })
    const problem = problemOf(acted, entry) ?? uploadProblem(acted, uploads[index] ?? null, entry, taken)
    if (problem) return problem
    const author = authorOf(acted, entry, operators[index] ?? null)
    if (author instanceof DomainError) return author
    return { acted, ...author, attachment: uploads[index] ?? null }
  })
}

function speakingOperator({ append, actorOperatorId }: ActedAppend): Ref | 'owner' {
  const { speaker } = append
  if ('operator' in speaker && speaker.operator !== 'actor') return speaker.operator
  return actorOperatorId ? { id: actorOperatorId } : 'owner'
}

async function findUploads(ledger: MessageLedger, appends: ActedAppend[]): Promise<(Attachment | null)[]> {
  const wanted = appends.flatMap(({ accountId, append }, index) =>
    append.content.kind === 'file' && 'attachment' in append.content.file
      ? [{ index, accountId, ref: append.content.file.attachment }]
      : [],
  )
  const found = await ledger.attachments(wanted)
  const uploads: (Attachment | null)[] = appends.map(() => null)
  for (const [position, { index }] of wanted.entries()) uploads[index] = found[position] ?? null
  return uploads
}

function problemOf({ append }: ActedAppend, entry: LedgerEntry): DomainError | null {
  const { content, channel } = append
  if (channel && !names(channel, entry.channel))
    return new DomainError('invalid', {
      field: 'channel',
      reason: 'the conversation is on another channel',
    })
  if (content.kind !== 'note' && isSwitchedOff(entry.channel))
    return new DomainError('channel_inactive', { what: 'channel', reason: CHANNEL_OFF })
  const isSpeech = content.kind === 'text' || content.kind === 'note' || content.kind === 'buttons'
  if (isSpeech && content.text.trim() === '')
    return new DomainError('missing', { field: 'text', reason: 'text is empty' })
  if ('contact' in append.speaker && entry.conversation.isLocked)
    return new DomainError('locked', { what: 'conversation' })
  return null
}

/** An upload belongs to the conversation it was made for and is consumed by one message. */
function uploadProblem(
  { append }: ActedAppend,
  upload: Attachment | null,
  entry: LedgerEntry,
  taken: Set<string>,
): DomainError | null {
  if (append.content.kind !== 'file' || !('attachment' in append.content.file)) return null
  const isOurs = upload !== null && upload.conversationId === entry.conversation.id
  if (!isOurs || upload.messageId !== null || taken.has(upload.id))
    return new DomainError('not_found', { what: 'attachment', field: 'attachments' })
  taken.add(upload.id)
  return null
}

type ResolvedAuthor = Pick<ResolvedAppend, 'author' | 'authorNumber' | 'authorName'>

function authorOf(
  { append }: ActedAppend,
  entry: LedgerEntry,
  operator: Operator | null,
): ResolvedAuthor | DomainError {
  const { speaker } = append
  if ('contact' in speaker) {
    const authorName = displayName(entry.contact, entry.identity, entry.channel.kind)
    return { author: { kind: 'contact', id: entry.contact.id }, authorNumber: null, authorName }
  }
  if ('bot' in speaker)
    return { author: { kind: 'bot', id: speaker.bot }, authorNumber: null, authorName: '' }
  if ('system' in speaker) return { author: { kind: 'system', id: null }, authorNumber: null, authorName: '' }
  if (!operator) return new DomainError('not_found', { what: 'operator' })
  return {
    author: { kind: 'operator', id: operator.id },
    authorNumber: operator.number,
    authorName: operator.name,
  }
}
