import { sql } from 'kysely'
import type { MessageQuery, MessageReader } from '../application/ports/reader.ts'
import type { SeenThrough, Transaction } from '../application/ports/transaction.ts'
import type { Message, MessageStatus } from '../domain/message.ts'
import type { Queries } from './database.ts'
import { createLoader, toMessages } from './load.ts'
import type { MessageRow } from './tables.ts'

export function createMessageReader(db: Queries, accountId: string): MessageReader {
  const loader = createLoader(db, [accountId])
  const all = db.selectFrom('message').selectAll().where('accountId', '=', accountId)
  const one = async (row: MessageRow | undefined): Promise<Message | null> =>
    row ? ((await toMessages(loader, [row]))[0] ?? null) : null

  return {
    list: async (query) => toMessages(loader, await list(db, accountId, query)),
    find: async (ref) =>
      one(
        await (
          'id' in ref ? all.where('id', '=', ref.id) : all.where('number', '=', ref.number)
        ).executeTakeFirst(),
      ),
    findByClientId: async (conversationId, clientId) =>
      one(
        await all
          .where('conversationId', '=', conversationId)
          .where('clientId', '=', clientId)
          .executeTakeFirst(),
      ),
    findByProviderId: async (channelId, providerMessageId) =>
      one(
        await all
          .where('channelId', '=', channelId)
          .where('providerMessageId', '=', providerMessageId)
          .executeTakeFirst(),
      ),
    byDispatch: async (number) =>
      toMessages(loader, await all.where('dispatchNumber', '=', number).execute()),
    countFromUs: async (conversationId, afterSeq) => {
      const { count } = await db
        .selectFrom('message')
        .select((eb) => eb.fn.countAll<number>().as('count'))
        .where('accountId', '=', accountId)
        .where('conversationId', '=', conversationId)
        .where('seq', '>', afterSeq)
        .where('direction', '=', 'outbound')
        .where('kind', 'not in', ['note', 'system'])
        .executeTakeFirstOrThrow()
      return count
    },
  }
}

export function createMessages(db: Queries, accountId: string, now: Date): Transaction['messages'] {
  return {
    ...createMessageReader(db, accountId),
    advanceSeen: (seen) => advanceSeen(db, { ...seen, accountId, now }),
  }
}

async function advanceSeen(
  db: Queries,
  seen: SeenThrough & { accountId: string; now: Date },
): Promise<{ id: string; statuses: MessageStatus[] }[]> {
  const { accountId, conversationId, afterSeq, receivedSeq, readSeq, now } = seen
  const { rows } = await sql<{ id: string; was: MessageStatus; status: MessageStatus }>`
    with found as (
      select id, seq, status from message
       where account_id = ${accountId} and conversation_id = ${conversationId} and seq > ${afterSeq} and seq <= ${receivedSeq}
         and direction = 'outbound' and kind not in ('note', 'system')
         and (status = 'sent' or (status = 'delivered' and seq <= ${readSeq}))
    ), moved as (
      update message m set status = case when f.seq <= ${readSeq} then 'read' else 'delivered' end,
             delivered_at = coalesce(m.delivered_at, ${now}), updated_at = ${now},
             read_at = case when f.seq <= ${readSeq} then ${now}::timestamptz else m.read_at end
        from found f where m.account_id = ${accountId} and m.id = f.id
      returning m.id, f.seq, f.status as was, m.status
    )
    select id, was, status from moved order by seq
  `.execute(db)
  return rows.map(({ id, was, status }) => ({
    id,
    statuses: was === 'sent' && status === 'read' ? ['delivered', 'read'] : [status],
  }))
}

function list(db: Queries, accountId: string, query: MessageQuery): Promise<MessageRow[]> {
  let rows = db
    .selectFrom('message')
    .selectAll()
    .where('accountId', '=', accountId)
    .where('conversationId', '=', query.conversationId)
  if (query.afterSeq !== undefined) rows = rows.where('seq', '>', query.afterSeq)
  if (query.beforeSeq !== undefined) rows = rows.where('seq', '<', query.beforeSeq)
  if (!query.isInternalIncluded) rows = rows.where('kind', 'not in', ['note', 'system'])
  if (query.isAcceptedOnly) rows = rows.where('status', 'not in', ['pending', 'failed'])
  if (query.limit !== null) rows = rows.limit(query.limit)
  return rows.orderBy('seq', query.order).execute()
}
