import type { MessageQuery, MessageReader } from '../application/ports/reader.ts'
import type { Message } from '../domain/message.ts'
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
  }
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
