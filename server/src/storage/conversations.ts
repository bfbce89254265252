import { sql } from 'kysely'
import type { Keyset, QueueQuery, QueueRow, Talk } from '../application/ports/reader.ts'
import type { ConversationReader } from '../application/ports/reader.ts'
import type { ConversationWriter } from '../application/ports/transaction.ts'
import type { Conversation, Episode } from '../domain/conversation.ts'
import type { Ref } from '../domain/ref.ts'
import { CONVERSATION_STATE, EPISODE } from './columns.ts'
import { searchConversations } from './conversation-search.ts'
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
    queue: (query) => queue(db, accountId, query),
    page: async (keyset) => loader.views(await pageByNumber(db, accountId, keyset)),
    search: async (search) => {
      const found = await searchConversations(db, accountId, search)
      return { views: await loader.views(found.conversations), total: found.total }
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

/** The partial indexes of the three queues match these conditions word for word. */
const QUEUES: Record<QueueQuery['queue'], ReturnType<typeof sql<boolean>>> = {
  unassigned: sql<boolean>`c.status <> 'closed' and c.assignee_id is null`,
  unread: sql<boolean>`c.status <> 'closed' and c.assignee_id is not null and c.unread_count > 0`,
  unanswered: sql<boolean>`c.status <> 'closed' and c.assignee_id is not null and c.is_waiting`,
}

async function queue(db: Queries, accountId: string, query: QueueQuery): Promise<QueueRow[]> {
  let rows = db
    .selectFrom('conversation as c')
    .innerJoin('channel as ch', (join) =>
      join.onRef('ch.accountId', '=', 'c.accountId').onRef('ch.id', '=', 'c.channelId'),
    )
    .innerJoin('contact as ct', (join) =>
      join.onRef('ct.accountId', '=', 'c.accountId').onRef('ct.id', '=', 'c.contactId'),
    )
    .innerJoin('contactIdentity as i', (join) =>
      join.onRef('i.accountId', '=', 'c.accountId').onRef('i.id', '=', 'c.identityId'),
    )
    .leftJoin('operator as o', (join) =>
      join.onRef('o.accountId', '=', 'c.accountId').onRef('o.id', '=', 'c.assigneeId'),
    )
    .leftJoin('operatorGroup as g', (join) =>
      join.onRef('g.accountId', '=', 'c.accountId').onRef('g.id', '=', 'c.groupId'),
    )
    .where('c.accountId', '=', accountId)
    .where(QUEUES[query.queue])
  if (query.operator)
    rows =
      'id' in query.operator
        ? rows.where('o.id', '=', query.operator.id)
        : rows.where('o.number', '=', query.operator.number)
  if (query.group)
    rows =
      'id' in query.group
        ? rows.where('g.id', '=', query.group.id)
        : rows.where('g.number', '=', query.group.number)
  const found = await rows
    .select([
      'c.id',
      'c.number',
      'ch.kind',
      'g.number as groupNumber',
      'o.number as assigneeNumber',
      'o.email as assigneeEmail',
      'ct.name as contactName',
      'ct.customName',
      'i.number as identityNumber',
      'i.nickname',
      'i.externalId',
      'c.isNew',
      'c.unreadCount',
      'c.unassignedAt',
      'c.lastMessageAt',
    ])
    .orderBy('c.updatedAt', 'desc')
    .orderBy('c.number', 'desc')
    .limit(query.limit)
    .execute()
  return found.map(({ contactName, customName, identityNumber, nickname, externalId, ...row }) => ({
    ...row,
    contact: { name: contactName, customName },
    identity: { number: identityNumber, nickname, externalId },
  }))
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
