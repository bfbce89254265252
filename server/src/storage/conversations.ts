import { sql } from 'kysely'
import type { ConversationSearch, Keyset, Talk } from '../application/ports/reader.ts'
import type { ConversationReader } from '../application/ports/reader.ts'
import type { ConversationWriter } from '../application/ports/transaction.ts'
import type { Conversation, Episode } from '../domain/conversation.ts'
import type { Ref } from '../domain/ref.ts'
import { CONVERSATION_STATE, EPISODE } from './columns.ts'
import { listConversations } from './conversation-list.ts'
import { listQueue } from './conversation-queues.ts'
import { searchWords } from './conversation-search.ts'
import type { Queries } from './database.ts'
import { ASSIGNMENTS } from './event-log.ts'
import { createLoader } from './load.ts'
import { insertRows, updateRows } from './recordset.ts'

export function createConversationReader(db: Queries, accountId: string): ConversationReader {
  const loader = createLoader(db, [accountId])
  const one = async (conversation: Conversation | undefined) =>
    conversation ? ((await loader.views([conversation]))[0] ?? null) : null

  return {
    view: async (ref) => one(await rowOf(db, accountId, ref)),
    idByContact: async (channelId, contactId) => {
      const row = await db
        .selectFrom('conversation')
        .select('id')
        .where('accountId', '=', accountId)
        .where('channelId', '=', channelId)
        .where('contactId', '=', contactId)
        .executeTakeFirst()
      return row?.id ?? null
    },
    talk: (channelId, externalId) => talk(db, { accountId, channelId, externalId }),
    queue: (query) => listQueue(db, accountId, query),
    page: async (keyset) => loader.views(await pageByNumber(db, accountId, keyset)),
    search: async (search) => {
      const { ids, total } = await find(db, accountId, search)
      return { views: await loader.views(await rowsOf(db, accountId, ids)), total }
    },
    participants: (conversationId) => participants(db, accountId, conversationId),
  }
}

async function talk(
  db: Queries,
  asked: { accountId: string; channelId: string; externalId: string },
): Promise<Talk | null> {
  const { accountId, channelId, externalId } = asked
  const { rows } = await sql<Talk['contact'] & { id: string }>`
    select c.id, ct.name, ct.phone, ct.email from contact_identity i
      join contact ct on ct.account_id = i.account_id and ct.id = i.contact_id
      join conversation c on c.account_id = i.account_id and c.channel_id = i.channel_id and c.contact_id = i.contact_id
     where i.account_id = ${accountId} and i.channel_id = ${channelId} and i.external_id = ${externalId}
  `.execute(db)
  const [row] = rows
  if (!row) return null
  const { id: conversationId, ...contact } = row
  return { conversationId, contact }
}

async function rowOf(db: Queries, accountId: string, ref: Ref): Promise<Conversation | undefined> {
  const query = db.selectFrom('conversation').selectAll().where('accountId', '=', accountId)
  return (
    'id' in ref ? query.where('id', '=', ref.id) : query.where('number', '=', ref.number)
  ).executeTakeFirst()
}

const find = (db: Queries, accountId: string, { text, ...search }: ConversationSearch) =>
  text ? searchWords(db, accountId, { ...search, text }) : listConversations(db, accountId, search)

/** In the order of the ids. */
async function rowsOf(db: Queries, accountId: string, ids: string[]): Promise<Conversation[]> {
  if (ids.length === 0) return []
  const { rows } = await sql<Conversation>`
    select * from conversation where account_id = ${accountId} and id = any(${ids}::uuid[])
  `.execute(db)
  const places = new Map(ids.map((id, place) => [id, place]))
  return rows.sort((a, b) => (places.get(a.id) ?? 0) - (places.get(b.id) ?? 0))
}

async function pageByNumber(db: Queries, accountId: string, keyset: Keyset): Promise<Conversation[]> {
  const page = db.selectFrom('conversation').selectAll().where('accountId', '=', accountId)
  const beyond =
    keyset.after === null ? page : page.where('number', keyset.order === 'asc' ? '>' : '<', keyset.after)
  return beyond.orderBy('number', keyset.order).limit(keyset.limit).execute()
}

async function participants(db: Queries, accountId: string, conversationId: string) {
  const { rows } = await sql<{ kind: string; id: string }>`
    select kind, id from (
      select author_kind as kind, author_id as id, created_at as at from message
       where account_id = ${accountId} and conversation_id = ${conversationId} and author_kind in ('operator', 'bot')
      union all
      select data -> 'assignee' ->> 'kind', (data -> 'assignee' ->> 'id')::uuid, created_at from event
       where account_id = ${accountId} and conversation_id = ${conversationId}
         and type in (${ASSIGNMENTS})
      union all
      select 'bot', bot_id, created_at from conversation
       where account_id = ${accountId} and id = ${conversationId} and bot_id is not null
    ) deeds group by kind, id order by min(at)
  `.execute(db)
  const idsOf = (kind: string) => rows.filter((row) => row.kind === kind).map((row) => row.id)
  const operators = await createLoader(db, [accountId]).operators(idsOf('operator'))
  const botIds = idsOf('bot')
  const bots =
    botIds.length === 0
      ? []
      : await db
          .selectFrom('bot')
          .selectAll()
          .where('accountId', '=', accountId)
          .where('id', 'in', botIds)
          .execute()
  return {
    operators: idsOf('operator').flatMap((id) => operators.get(id) ?? []),
    bots: botIds.flatMap((id) => bots.filter((bot) => bot.id === id)),
  }
}

export function createConversationWriter(db: Queries, accountId: string): ConversationWriter {
  const locked = db.selectFrom('conversation').selectAll().where('accountId', '=', accountId)
  return {
    ...createConversationReader(db, accountId),
    lock: async (ref) =>
      (await ('id' in ref ? locked.where('id', '=', ref.id) : locked.where('number', '=', ref.number))
        .forUpdate()
        .executeTakeFirst()) ?? null,
    save: (conversation) =>
      updateRows(db, { table: 'conversation', columns: CONVERSATION_STATE }, [conversation]),
    insert: async (conversation) => {
      const inserted = await db
        .insertInto('conversation')
        .values(conversation)
        .onConflict((conflict) => conflict.columns(['accountId', 'channelId', 'contactId']).doNothing())
        .returningAll()
        .executeTakeFirst()
      return inserted ?? null
    },
    lockAssignedTo: (operatorId) =>
      locked
        .where('assigneeId', '=', operatorId)
        .where('status', '<>', 'closed')
        .orderBy('id')
        .forUpdate()
        .execute(),
    insertEpisode: async (episode) => {
      await insertRows(db, { table: 'episode', columns: EPISODE, returning: [] }, [episode])
    },
    endEpisode: (episode) => endEpisode(db, accountId, episode),
  }
}

async function endEpisode(
  db: Queries,
  accountId: string,
  { id, ...ending }: Pick<Episode, 'id' | 'closedAt' | 'closedBy' | 'closureReason' | 'resolution'>,
): Promise<void> {
  await db
    .updateTable('episode')
    .set(ending)
    .where('accountId', '=', accountId)
    .where('id', '=', id)
    .execute()
}
