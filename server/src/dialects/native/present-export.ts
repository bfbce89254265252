import type { ExportPart, ToldEvent } from '../../application/contacts/export-contact.ts'
import type { Episode } from '../../domain/conversation.ts'
import type { Review } from '../../domain/review.ts'
import { eventId, publicId } from './ids.ts'
import { presentContactInFull } from './present-contacts.ts'
import { presentConversation, presentSomebody } from './present-conversations.ts'
import { iso, presentFile, presentMessageView } from './present-messages.ts'

/** The lists of a conversation in the order in which they are written; its parts come in this order too. */
const LISTS = ['messages', 'files', 'events'] as const
type List = (typeof LISTS)[number]

/**
 * One JSON document of parts that come one after the other, written as they come: never more of it is in memory than one part.
 * Events that come outside a conversation are those of the contact alone.
 */
export async function* writeExport(parts: AsyncIterable<ExportPart>, origin: string): AsyncGenerator<string> {
  let at: 'contact' | List | null = null
  let isFirstItem = true
  let isFirstConversation = true
  /** Ends the list that is open, and begins those after it up to the one wanted; past the last one the conversation ends. */
  function* upTo(list: List | null): Generator<string> {
    if (at === 'contact' || at === null) return
    for (let index = LISTS.indexOf(at) + 1; at !== list; index += 1) {
      const next = LISTS[index]
      yield next ? `],"${next}":[` : ']}'
      at = next ?? null
      isFirstItem = true
      if (!next) return
    }
  }
  for await (const part of parts) {
    if (part.kind === 'contact') {
      const { at: exportedAt, full } = part
      yield `{"exportedAt":${JSON.stringify(exportedAt)},"contact":${JSON.stringify(presentContactInFull(full, origin))},"conversations":[`
      at = 'contact'
    } else if (part.kind === 'conversation') {
      yield* upTo(null)
      yield (isFirstConversation ? '' : ',') + openingOf(part, origin)
      isFirstConversation = false
      isFirstItem = true
      at = 'messages'
    } else if (part.kind === 'end') {
      yield* upTo(null)
      yield '],"events":['
      isFirstItem = true
      at = null
    } else {
      if (at !== null) yield* upTo(part.kind)
      for (const item of itemsOf(part, origin)) {
        yield (isFirstItem ? '' : ',') + JSON.stringify(item)
        isFirstItem = false
      }
    }
  }
  yield ']}'
}

function openingOf(
  { view, episodes, reviews }: Extract<ExportPart, { kind: 'conversation' }>,
  origin: string,
): string {
  const told = {
    conversation: presentConversation(view, origin),
    episodes: episodes.map(presentEpisode),
    reviews: reviews.map(presentReview),
  }
  return `${JSON.stringify(told).slice(0, -1)},"messages":[`
}

function itemsOf(part: Extract<ExportPart, { kind: List }>, origin: string): object[] {
  if (part.kind === 'messages') return part.messages.map((message) => presentMessageView(message, origin))
  if (part.kind === 'files') return part.files.map((file) => presentFile(file, origin))
  return part.events.map(presentToldEvent)
}

const presentToldEvent = ({ id, type, occurredAt }: ToldEvent) => ({
  id: eventId(id),
  type,
  occurredAt: occurredAt.toISOString(),
})

const presentEpisode = ({
  id,
  openedAt,
  openedBy,
  afterSeq,
  closedAt,
  closedBy,
  closureReason,
  resolution,
}: Episode) => ({
  id: publicId('episode', id),
  openedAt: openedAt.toISOString(),
  openedBy: presentSomebody(openedBy),
  afterSeq,
  closedAt: iso(closedAt),
  closedBy: closedBy && presentSomebody(closedBy),
  ...{ closureReason, resolution },
})

const presentReview = ({ id, messageId, operatorId, mark, text, isConfirmed, createdAt }: Review) => ({
  id: publicId('review', id),
  messageId: publicId('message', messageId),
  operatorId: operatorId && publicId('operator', operatorId),
  ...{ mark, text, isConfirmed, createdAt: createdAt.toISOString() },
})
