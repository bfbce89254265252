import { sql } from 'kysely'
import {
  MOST_TO_DO,
  type Counters,
  type Holding,
  type Known,
  type LiveReader,
  type Party,
} from '../application/ports/live-reader.ts'
import type { Conversation } from '../domain/conversation.ts'
import type { Message } from '../domain/message.ts'
import type { Review } from '../domain/review.ts'
import type { Reach } from '../domain/permissions.ts'
import { and, reached, type Sql } from './conversation-filters.ts'
import { QUEUES } from './conversation-queues.ts'
import type { Queries } from './database.ts'
import { createLoader, toMessages } from './load.ts'
import type { MessageRow } from './tables.ts'

interface Asked {
  accountId: string
  reach: Reach
}

export function createLiveReader(db: Queries, asked: Asked): LiveReader {
  const { accountId } = asked
  const loader = createLoader(db, [accountId])
  return {
    views: async (ids) => {
      const views = await loader.views(await conversationsNamed(db, asked, ids))
      return new Map(views.map((view) => [view.conversation.id, view]))
    },
    messages: (ids) => loader.messages(ids),
    holdings: (ids) => holdings(db, accountId, ids),
    holdingsOfContacts: (ids) => holdingsOfContacts(db, accountId, ids),
    messagesAfter: (known, limit) => messagesAfter(db, accountId, { known, limit }),
    talks: (parties) => talks(db, accountId, parties),
    parties: (ids) => partiesOf(db, accountId, ids),
    countsFromUs: (known) => countsFromUs(db, accountId, known),
    reviews: (ids) => reviewsOf(db, accountId, ids),
    counters: (operatorId) => count(db, asked, operatorId),
  }
}

async function conversationsNamed(
  db: Queries,
  { accountId, reach }: Asked,
  ids: string[],
): Promise<Conversation[]> {
  if (ids.length === 0) return []
  const conditions = [sql`c.account_id = ${accountId}`, sql`c.id = any(${ids}::uuid[])`, ...reached(reach)]
  const { rows } = await sql<Conversation>`select c.* from conversation c where ${and(conditions)}`.execute(
    db,
  )
  return rows
}

async function holdings(db: Queries, accountId: string, ids: string[]): Promise<Map<string, Holding>> {
  if (ids.length === 0) return new Map()
  const { rows } = await sql<Holding & { id: string }>`
    select id, assignee_id, group_id from conversation where account_id = ${accountId} and id = any(${ids}::uuid[])
  `.execute(db)
  return new Map(rows.map(({ id, ...holding }) => [id, holding]))
}

async function holdingsOfContacts(
  db: Queries,
  accountId: string,
  ids: string[],
): Promise<Map<string, Holding[]>> {
  if (ids.length === 0) return new Map()
  const { rows } = await sql<Holding & { contactId: string }>`
    select contact_id, assignee_id, group_id from conversation
     where account_id = ${accountId} and contact_id = any(${ids}::uuid[])
  `.execute(db)
  return Map.groupBy(rows, ({ contactId }) => contactId)
}

/** Each conversation by its own step along the key, so that a long one costs no more than what is new in it. */
async function messagesAfter(
  db: Queries,
  accountId: string,
  { known, limit }: { known: Known[]; limit: number },
): Promise<Message[][]> {
  if (known.length === 0) return []
  const ids = known.map(({ conversationId }) => conversationId)
  const seqs = known.map(({ seq }) => seq)
  const { rows } = await sql<MessageRow & { place: number }>`
    select k.place::integer as place, m.*
      from unnest(${ids}::uuid[], ${seqs}::integer[]) with ordinality k (id, seq, place)
     cross join lateral (
       select * from message
        where account_id = ${accountId} and conversation_id = k.id and seq > k.seq and kind not in ('note', 'system')
        order by seq limit ${limit}) m
     order by k.place, m.seq
  `.execute(db)
  const places = rows.map(({ place }) => place - 1)
  const messages = await toMessages(
    createLoader(db, [accountId]),
    rows.map(({ place: _place, ...row }) => row),
  )
  const found: Message[][] = known.map(() => [])
  messages.forEach((message, at) => found[places[at] ?? 0]?.push(message))
  return found
}

/** Three short walks along the indexes of the queues; each ends at the bound. */
async function count(db: Queries, { accountId, reach }: Asked, operatorId: string | null): Promise<Counters> {
  const counted = (conditions: Sql[]) =>
    sql`(select count(*)::integer from (
      select 1 from conversation c where ${and([sql`c.account_id = ${accountId}`, ...conditions])} limit ${MOST_TO_DO}) few)`
  const own = sql`c.assignee_id = ${operatorId}::uuid`
  const { rows } = await sql<Counters>`
    select ${counted([QUEUES.unassigned, ...reached(reach)])} as unassigned,
           ${counted([sql`c.status <> 'closed'`, own])} as mine,
           ${counted([QUEUES.unread, own])} as unread
  `.execute(db)
  return rows[0] ?? { unassigned: 0, mine: 0, unread: 0 }
}

async function talks(db: Queries, accountId: string, parties: readonly Party[]): Promise<(string | null)[]> {
  if (parties.length === 0) return []
  const channelIds = parties.map(({ channelId }) => channelId)
  const externalIds = parties.map(({ externalId }) => externalId)
  const { rows } = await sql<{ id: string | null }>`
    select c.id from unnest(${channelIds}::uuid[], ${externalIds}::text[]) with ordinality p (channel_id, external_id, place)
      left join contact_identity i
        on i.account_id = ${accountId} and i.channel_id = p.channel_id and i.external_id = p.external_id
      left join conversation c
        on c.account_id = ${accountId} and c.channel_id = i.channel_id and c.contact_id = i.contact_id
     order by p.place
  `.execute(db)
  return rows.map(({ id }) => id)
}

async function partiesOf(db: Queries, accountId: string, ids: string[]): Promise<Map<string, Party>> {
  if (ids.length === 0) return new Map()
  const { rows } = await sql<Party & { id: string }>`
    select c.id, c.channel_id, i.external_id from conversation c
      join contact_identity i on i.account_id = c.account_id and i.id = c.identity_id
     where c.account_id = ${accountId} and c.id = any(${ids}::uuid[])
  `.execute(db)
  return new Map(rows.map(({ id, ...party }) => [id, party]))
}

async function countsFromUs(db: Queries, accountId: string, known: Known[]): Promise<Map<string, number>> {
  if (known.length === 0) return new Map()
  const ids = known.map(({ conversationId }) => conversationId)
  const seqs = known.map(({ seq }) => seq)
  const { rows } = await sql<{ id: string; count: number }>`
    select k.id, (
      select count(*)::integer from message
       where account_id = ${accountId} and conversation_id = k.id and seq > k.seq
         and direction = 'outbound' and kind not in ('note', 'system')) as count
      from unnest(${ids}::uuid[], ${seqs}::integer[]) k (id, seq)
  `.execute(db)
  return new Map(rows.map(({ id, count: fromUs }) => [id, fromUs]))
}

async function reviewsOf(db: Queries, accountId: string, ids: string[]): Promise<Map<string, Review[]>> {
  if (ids.length === 0) return new Map()
  const rows = await db
    .selectFrom('review')
    .selectAll()
    .where('accountId', '=', accountId)
    .where('conversationId', 'in', ids)
    .orderBy('number')
    .execute()
  return Map.groupBy(rows, ({ conversationId }) => conversationId)
}
