import { sql } from 'kysely'
import type { Keyset, Talk } from '../application/ports/reader.ts'
import type { ConversationReader } from '../application/ports/reader.ts'
import type { ConversationWriter } from '../application/ports/transaction.ts'
import type { Conversation, Episode } from '../domain/conversation.ts'
import { EVERYWHERE, type Reach } from '../domain/permissions.ts'
import type { Ref } from '../domain/ref.ts'
import { CONVERSATION_STATE, EPISODE } from './columns.ts'
import { listConversations } from './conversation-list.ts'
import { and, ofContact, reached, type ReachedSearch } from './conversation-filters.ts'
import { listByChange, listTags } from './conversation-inbox.ts'
import { listQueue } from './conversation-queues.ts'
import { searchWords } from './conversation-search.ts'
import type { Queries } from './database.ts'
import { ASSIGNMENTS } from './event-log.ts'
import { leaveBot, leaveGroup, lockActive } from './conversation-leavings.ts'
import { createLoader } from './load.ts'
import { insertRows, updateRows } from './recordset.ts'

export function createConversationReader(db: Queries, accountId: string, reach: Reach): ConversationReader {
  const loader = createLoader(db, [accountId])
  const one = async (conversation: Conversation | undefined) =>
    conversation ? ((await loader.views([conversation]))[0] ?? null) : null

  return {
    view: async (ref) => one((await rowsNamed(db, { accountId, ref, reach }))[0]),
    isWithin: async (id) => (await rowsNamed(db, { accountId, ref: { id }, reach })).length > 0,
    isContactWithin: (contactId) => isContactWithin(db, { accountId, contactId, reach }),
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
    queue: (query) => listQueue(db, accountId, { ...query, reach }),
    page: async (keyset) => loader.views(await pageByNumber(db, { accountId, reach }, keyset)),
    search: async (search) => {
      const { ids, total } = await find(db, accountId, { ...search, reach })
      return { views: await loader.views(await rowsOf(db, accountId, ids)), total }
    },
    participants: (conversationId) => participants(db, accountId, conversationId),
    list: async (listing) => {
      const ids = await listByChange(db, accountId, { ...listing, reach })
      return loader.views(await rowsOf(db, accountId, ids))
    },
    ofContact: async (contactId) => loader.views(await rowsOfContact(db, { accountId, contactId, reach })),
    tags: (query) => listTags(db, accountId, query),
    episodes: (conversationId) =>
      db
        .selectFrom('episode')
        .selectAll()
        .where('accountId', '=', accountId)
        .where('conversationId', '=', conversationId)
        .orderBy('openedAt')
        .execute(),
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

interface Reached {
  accountId: string
  reach: Reach
}

/** The conversation of that name, if it is before whoever asks. */
async function rowsNamed(
  db: Queries,
  { accountId, ref, reach, isLocked = false }: Reached & { ref: Ref; isLocked?: boolean },
): Promise<Conversation[]> {
  const name = 'id' in ref ? sql`c.id = ${ref.id}` : sql`c.number = ${ref.number}`
  const conditions = [sql`c.account_id = ${accountId}`, name, ...reached(reach)]
  const { rows } = await sql<Conversation>`
    select c.* from conversation c where ${and(conditions)} ${isLocked ? sql`for update` : sql``}
  `.execute(db)
  return rows
}

async function isContactWithin(
  db: Queries,
  { accountId, contactId, reach }: Reached & { contactId: string },
): Promise<boolean> {
  if (reach.kind === 'all') return true
  const conditions = [sql`i.account_id = ${accountId}`, sql`i.contact_id = ${contactId}`, ...reached(reach)]
  const { rows } = await sql`
    select 1 from contact_identity i
      join conversation c on c.account_id = i.account_id and c.channel_id = i.channel_id and c.contact_id = i.contact_id
     where ${and(conditions)} limit 1
  `.execute(db)
  return rows.length > 0
}

async function rowsOfContact(
  db: Queries,
  { accountId, contactId, reach }: Reached & { contactId: string },
): Promise<Conversation[]> {
  const conditions = [sql`c.account_id = ${accountId}`, ...ofContact(accountId, contactId), ...reached(reach)]
  const { rows } = await sql<Conversation>`
    select c.* from conversation c where ${and(conditions)} order by c.number
  `.execute(db)
  return rows
}

const find = (db: Queries, accountId: string, { text, ...search }: ReachedSearch) =>
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

async function pageByNumber(
  db: Queries,
  { accountId, reach }: Reached,
  { after, order, limit }: Keyset,
): Promise<Conversation[]> {
  const conditions = [sql`c.account_id = ${accountId}`, ...reached(reach)]
  if (after !== null) conditions.push(sql`c.number ${sql.raw(order === 'asc' ? '>' : '<')} ${after}`)
  const { rows } = await sql<Conversation>`
    select c.* from conversation c where ${and(conditions)} order by c.number ${sql.raw(order)} limit ${limit}
  `.execute(db)
  return rows
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

/** `reach` is asked when a conversation is loaded for change: whoever may change it may see what became of it. */
export function createConversationWriter(db: Queries, accountId: string, reach: Reach): ConversationWriter {
  const seen = createConversationReader(db, accountId, reach)
  const locked = db.selectFrom('conversation').selectAll().where('accountId', '=', accountId)
  return {
    ...createConversationReader(db, accountId, EVERYWHERE),
    isWithin: seen.isWithin,
    isContactWithin: seen.isContactWithin,
    lock: async (ref) => (await rowsNamed(db, { accountId, ref, reach, isLocked: true }))[0] ?? null,
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
    lockActive: (of, limit) => lockActive(db, accountId, { of, limit }),
    leaveGroup: (groupId, limit) => leaveGroup(db, accountId, { groupId, limit }),
    leaveBot: (botId, limit) => leaveBot(db, accountId, { botId, limit }),
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
