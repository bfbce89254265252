import type { Actor } from '../../domain/actor.ts'
import type { Attachment } from '../../domain/attachment.ts'
import type { Episode } from '../../domain/conversation.ts'
import type { Message } from '../../domain/message.ts'
import { allow, allowEverywhere } from '../../domain/permissions.ts'
import type { Ref } from '../../domain/ref.ts'
import type { Review } from '../../domain/review.ts'
import type { ConversationView } from '../../domain/view.ts'
import type { Query, Tools } from '../ports/house.ts'
import type { Reader } from '../ports/reader.ts'
import type { Transaction } from '../ports/transaction.ts'
import { getContact, type ContactInFull } from './read-contacts.ts'

/** How many rows are in memory at once, whatever a contact has said in its life. */
const PIECE = 500

export interface ToldEvent {
  id: number
  type: string
  occurredAt: Date
}

/** Everything held about a contact, in the order in which it is to be told. */
export type ExportPart =
  | { kind: 'contact'; at: Date; full: ContactInFull }
  | { kind: 'conversation'; view: ConversationView; episodes: Episode[]; reviews: Review[] }
  | { kind: 'messages'; messages: Message[] }
  | { kind: 'files'; files: Attachment[] }
  | { kind: 'events'; events: ToldEvent[] }
  /** Of the conversations: what follows is about the contact alone. */
  | { kind: 'end' }

/**
 * Tells everything held about a contact, piece by piece, notes about it too. That somebody asked is in the audit log before anything is
 * told. Only by whoever sees all.
 */
export async function exportContact(
  tools: Tools,
  actor: Actor,
  input: { contact: Ref },
): Promise<AsyncGenerator<ExportPart>> {
  const begun = await tools.act(beginExport, actor, input)
  return tell(tools, actor, begun)
}

interface Begun {
  full: ContactInFull
  at: Date
}

async function beginExport(tx: Transaction, actor: Actor, input: { contact: Ref }): Promise<Begun> {
  allow(actor, 'contact.export')
  const full = await getContact(tx, actor, input)
  allowEverywhere(actor)
  await tx.keepAudit({
    action: 'contact.exported',
    target: { kind: 'contact', id: full.contact.id },
    facts: {},
  })
  return { full, at: tx.now }
}

async function* tell(tools: Tools, actor: Actor, begun: Begun): AsyncGenerator<ExportPart> {
  const { contact, conversations } = begun.full
  yield { kind: 'contact', at: begun.at, full: begun.full }
  for (const view of conversations) {
    const { id: conversationId } = view.conversation
    const around = await tools.ask(aroundConversation, actor, conversationId)
    yield { kind: 'conversation', view, ...around }
    const last = (messages: Message[]) => messages.at(-1)?.seq
    const messagesAfter = (after: number) => tools.ask(someMessages, actor, { conversationId, after })
    for await (const messages of pieces(messagesAfter, last)) yield { kind: 'messages', messages }
    const filesAfter = (after: number) => tools.ask(someFiles, actor, { conversationId, after })
    for await (const files of pieces(filesAfter, (rows) => rows.at(-1)?.number))
      yield { kind: 'files', files }
    const eventsAfter = (after: number) => tools.ask(someEvents, actor, { about: { conversationId }, after })
    for await (const events of pieces(eventsAfter, (rows) => rows.at(-1)?.id))
      yield { kind: 'events', events }
  }
  yield { kind: 'end' }
  const eventsAfter = (after: number) =>
    tools.ask(someEvents, actor, { about: { contactId: contact.id }, after })
  for await (const events of pieces(eventsAfter, (rows) => rows.at(-1)?.id)) yield { kind: 'events', events }
}

/** Piece after piece, until there is none. */
async function* pieces<Row>(
  ask: (after: number) => Promise<Row[]>,
  lastOf: (rows: Row[]) => number | undefined,
): AsyncGenerator<Row[]> {
  let after: number | undefined = 0
  while (after !== undefined) {
    const rows: Row[] = await ask(after)
    if (rows.length > 0) yield rows
    after = rows.length < PIECE ? undefined : lastOf(rows)
  }
}

const aroundConversation = async (reader: Reader, _actor: Actor, conversationId: string) => ({
  episodes: await reader.conversations.episodes(conversationId),
  reviews: await reader.reviews.ofConversation(conversationId),
})

type Some<About> = Query<About & { after: number }, unknown>

const someMessages = (async (reader, _actor, { conversationId, after: afterSeq }) =>
  reader.messages.list({
    ...{ conversationId, afterSeq, order: 'asc', limit: PIECE, isInternalIncluded: true },
  })) satisfies Some<{ conversationId: string }>

const someFiles = (async (reader, _actor, { conversationId, after }) =>
  reader.attachments.ofConversation(conversationId, after, PIECE)) satisfies Some<{ conversationId: string }>

const someEvents = (async (reader, _actor, { about, after }) =>
  reader.eventsAbout(about, after, PIECE)) satisfies Some<{
  about: { conversationId: string } | { contactId: string }
}>
