import type { MessageQuery, MessageReader } from '../application/ports/reader.ts'
import type { StatusSteps, Transaction } from '../application/ports/transaction.ts'
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
    history: (messageId) =>
      db
        .selectFrom('messageStatus')
        .select(['status', 'at'])
        .where('accountId', '=', accountId)
        .where('messageId', '=', messageId)
        .orderBy('at')
        .execute(),
    byDispatch: async (number) =>
      toMessages(loader, await all.where('dispatchNumber', '=', number).execute()),
    nextPending: async (conversationId) => {
      const row = await all
        .where('conversationId', '=', conversationId)
        .where('status', '=', 'pending')
        .orderBy('seq')
        .executeTakeFirst()
      const message = await one(row)
      return row && message ? { message, retryAt: row.retryAt } : null
    },
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

type Advancing = Pick<Transaction['messages'], 'lock' | 'advance' | 'defer'>

export function createMessageWriter(db: Queries, accountId: string, now: Date): Advancing & MessageReader {
  return {
    ...createMessageReader(db, accountId),
    lock: async (messageId) =>
      (await db
        .selectFrom('message')
        .select(['conversationId', 'status', 'attempts'])
        .where('accountId', '=', accountId)
        .where('id', '=', messageId)
        .forUpdate()
        .executeTakeFirst()) ?? null,
    advance: (messageId, steps) => advance(db, { accountId, messageId }, steps),
    defer: async ({ messageId, error, retryAt }) => {
      await db
        .updateTable('message')
        .set((eb) => ({ attempts: eb('attempts', '+', 1), retryAt, error, updatedAt: now }))
        .where('accountId', '=', accountId)
        .where('id', '=', messageId)
        .execute()
    },
  }
}

async function advance(
  db: Queries,
  message: { accountId: string; messageId: string },
  steps: StatusSteps,
): Promise<void> {
  const { accountId, messageId } = message
  const { statuses, at, error, providerMessageId } = steps
  const status = statuses.at(-1)
  if (!status) return
  await db
    .updateTable('message')
    .set({
      ...{ status, error, updatedAt: at, retryAt: null },
      ...(statuses.includes('sent') && { sentAt: at }),
      ...(statuses.includes('delivered') && { deliveredAt: at }),
      ...(statuses.includes('read') && { readAt: at }),
      ...(providerMessageId !== null && { providerMessageId }),
    })
    .where('accountId', '=', accountId)
    .where('id', '=', messageId)
    .execute()
  await db
    .insertInto('messageStatus')
    .values(statuses.map((each) => ({ ...message, status: each, at, error })))
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}
