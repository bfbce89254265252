import type { EventPosition, RecordedEvent, ResetReason } from '../../domain/event-log.ts'
import { oldestPosition, positionOf, whyReset } from '../../domain/event-log.ts'
import type { DomainEvent } from '../../domain/events.ts'
import type { Message } from '../../domain/message.ts'
import { allow, allowEverywhere } from '../../domain/permissions.ts'
import type { ConversationView } from '../../domain/view.ts'
import type { Query } from '../ports/house.ts'
import type { Holding } from '../ports/live-reader.ts'
import type { Reader } from '../ports/reader.ts'

/** An event with what it is about, as that is now. */
export interface News {
  event: DomainEvent
  recorded: RecordedEvent
  /** Just after it. */
  position: EventPosition
  /** Of the conversation it tells of; null for one that is gone, and for events that tell of none. */
  view: ConversationView | null
  /** Of a message event. */
  message: Message | null
  /** Of a contact's event: who holds the contact's conversations. */
  holdings: Holding[]
}

export type LogLook =
  | { kind: 'news'; news: News[]; position: EventPosition; isHeldBack: boolean; hasMore: boolean }
  | { kind: 'reset'; reason: ResetReason; position: EventPosition }

export interface LookAtLog {
  after: EventPosition
  limit: number
  /** Whether somebody is to be shown what the events are about. */
  isShown: boolean
}

/** What happened after a position, in the log's order. Never waits. */
export const lookAtLog: Query<LookAtLog, LogLook> = async (reader, actor, { after, limit, isShown }) => {
  allow(actor, 'event.read')
  allowEverywhere(actor)
  const seen = await reader.events.look(after, limit)
  const reason = whyReset(after, seen)
  if (reason) return { kind: 'reset', reason, position: oldestPosition(seen) }
  const { events, epoch, isHeldBack } = seen
  const news = isShown ? await withSubjects(reader, epoch, events) : events.map((event) => bare(epoch, event))
  const hasMore = events.length >= limit
  return { kind: 'news', news, position: news.at(-1)?.position ?? after, isHeldBack, hasMore }
}

/** Where the log ends now. */
export const findEndOfLog: Query<null, EventPosition> = async (reader, actor) => {
  allow(actor, 'event.read')
  allowEverywhere(actor)
  return reader.events.end()
}

function bare(epoch: string, recorded: RecordedEvent): News {
  const { event } = recorded
  return { event, recorded, position: positionOf(epoch, recorded), view: null, message: null, holdings: [] }
}

const conversationOf = (event: DomainEvent) => ('conversationId' in event ? event.conversationId : null)
const messageOf = (event: DomainEvent) =>
  event.type.startsWith('message.') && 'messageId' in event ? event.messageId : null
const contactOf = (event: DomainEvent) =>
  (event.type === 'contact.created' || event.type === 'contact.updated') && event.contactId

async function withSubjects(reader: Reader, epoch: string, events: RecordedEvent[]): Promise<News[]> {
  const idsOf = (pick: (event: DomainEvent) => string | null | false) => [
    ...new Set(events.flatMap(({ event }) => pick(event) || [])),
  ]
  const views = await reader.live.views(idsOf(conversationOf))
  const messages = await reader.live.messages(idsOf(messageOf))
  const holdings = await reader.live.holdingsOfContacts(idsOf(contactOf))
  return events.map((recorded) => ({
    ...bare(epoch, recorded),
    view: views.get(conversationOf(recorded.event) ?? '') ?? null,
    message: messages.get(messageOf(recorded.event) ?? '') ?? null,
    holdings: holdings.get(contactOf(recorded.event) || '') ?? [],
  }))
}
