import type { Place, RecordedEvent } from '../../domain/event-log.ts'
import type { DomainEvent } from '../../domain/events.ts'
import type { Message } from '../../domain/message.ts'
import { allow, allowEverywhere } from '../../domain/permissions.ts'
import type { ConversationView } from '../../domain/view.ts'
import type { Query } from '../ports/house.ts'
import type { Reader } from '../ports/reader.ts'
import type { Telling } from '../ports/webhook-dialect.ts'

export interface ReadTellings {
  after: Place
  limit: number
  origin: string
}

/** What happened after a place, in the log's order, with all that any dialect tells of it. */
export interface TellingsRead {
  tellings: Telling[]
  /** Just after the last of them; where it was without any. */
  place: Place
  /** More is committed, and held back by an older transaction. */
  isHeldBack: boolean
  hasMore: boolean
}

/** Messages of an episode that are told with its end. */
const MOST_OF_EPISODE = 500

/** Reads on from a place. What was deleted from the log meanwhile is not told. Never waits. */
export const readTellings: Query<ReadTellings, TellingsRead> = async (
  reader,
  actor,
  { after, limit, origin },
) => {
  allow(actor, 'event.read')
  allowEverywhere(actor)
  const { events, isHeldBack } = await reader.events.look(after, limit)
  const last = events.at(-1)
  return {
    tellings: events.length > 0 ? await withSubjects(reader, events, origin) : [],
    place: last ? { transactionId: last.transactionId, id: last.id } : after,
    ...{ isHeldBack, hasMore: events.length >= limit },
  }
}

type Ids = (event: DomainEvent) => (string | null | undefined)[]

const conversationOf: Ids = (event) => ['conversationId' in event ? event.conversationId : null]
const messageOf: Ids = (event) => ['messageId' in event ? event.messageId : null]
const contactOf: Ids = (event) => [
  event.type === 'contact.created' || event.type === 'contact.updated' ? event.contactId : null,
]
const channelOf: Ids = (event) => [
  event.type.startsWith('channel.') && 'channelId' in event ? event.channelId : null,
]
const botOf: Ids = (event) => ['botId' in event ? event.botId : null]
const operatorsOf: Ids = (event) =>
  ['assignee' in event ? event.assignee : null, 'previous' in event ? event.previous : null].map((doer) =>
    doer?.kind === 'operator' ? doer.id : null,
  )

async function withSubjects(reader: Reader, events: RecordedEvent[], origin: string): Promise<Telling[]> {
  const idsOf = (pick: Ids) => [
    ...new Set(events.flatMap(({ event }) => pick(event).filter((id) => typeof id === 'string'))),
  ]
  const { live, webhookSubjects: subjects } = reader
  const account = await reader.accounts.current()
  const views = await live.views(idsOf(conversationOf))
  const messages = await live.messages(idsOf(messageOf))
  const contacts = await subjects.contacts(idsOf(contactOf))
  const channels = await subjects.channels(idsOf(channelOf))
  const bots = await subjects.bots(idsOf(botOf))
  const operators = await subjects.operators(idsOf(operatorsOf))
  const firsts = await subjects.firstMessages(mayBeginWith(messages, views))
  const said = await episodesOf(reader, events)
  const talks = await talksOf(reader, events)
  const found = <Row>(rows: ReadonlyMap<string, Row>, ids: ReturnType<Ids>) => rows.get(ids[0] ?? '') ?? null
  return events.map((recorded) => {
    const { event } = recorded
    const message = found(messages, messageOf(event))
    return {
      ...{ recorded, account, message, operators, origin },
      view: found(views, conversationOf(event)),
      isFirstMessage: message !== null && firsts.get(message.conversationId) === message.id,
      episodeMessages: event.type === 'conversation.closed' ? (said.get(event.episodeId ?? '') ?? []) : [],
      contact: found(contacts, contactOf(event)),
      ...(event.type === 'contact.updated' && { contactViews: talks.get(event.contactId) ?? [] }),
      channel: found(channels, channelOf(event)),
      bot: found(bots, botOf(event)),
    }
  })
}

/** Conversations whose first message may be among these: it is asked for exactly only of those. */
function mayBeginWith(
  messages: ReadonlyMap<string, Message>,
  views: ReadonlyMap<string, NonNullable<Telling['view']>>,
): string[] {
  const candidates = [...messages.values()].filter(({ conversationId, createdAt }) => {
    const first = views.get(conversationId)?.conversation.firstMessageAt
    return first?.getTime() === createdAt.getTime()
  })
  return [...new Set(candidates.map(({ conversationId }) => conversationId))]
}

async function episodesOf(reader: Reader, events: RecordedEvent[]): Promise<Map<string, Message[]>> {
  const said = new Map<string, Message[]>()
  for (const { event } of events)
    if (event.type === 'conversation.closed' && event.episodeId)
      said.set(event.episodeId, await reader.webhookSubjects.saidIn(event.episodeId, MOST_OF_EPISODE))
  return said
}

async function talksOf(reader: Reader, events: RecordedEvent[]): Promise<Map<string, ConversationView[]>> {
  const talks = new Map<string, ConversationView[]>()
  for (const { event } of events)
    if (event.type === 'contact.updated' && !talks.has(event.contactId))
      talks.set(event.contactId, await reader.conversations.ofContact(event.contactId))
  return talks
}
