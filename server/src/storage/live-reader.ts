import { sql } from 'kysely'
import {
  MOST_TO_DO,
  type Counters,
  type Holding,
  type Known,
  type LiveReader,
} from '../application/ports/live-reader.ts'
import type { Conversation } from '../domain/conversation.ts'
import type { Message } from '../domain/message.ts'
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
): Promise<Message[]> {
  if (known.length === 0) return []
  const ids = known.map(({ conversationId }) => conversationId)
  const seqs = known.map(({ seq }) => seq)
  const { rows } = await sql<MessageRow>`
    select m.* from unnest(${ids}::uuid[], ${seqs}::integer[]) k (id, seq)
     cross join lateral (
       select * from message
        where account_id = ${accountId} and conversation_id = k.id and seq > k.seq and kind not in ('note', 'system')
        order by seq limit ${limit}) m
     order by m.conversation_id, m.seq
  `.execute(db)
  return toMessages(createLoader(db, [accountId]), rows)
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
