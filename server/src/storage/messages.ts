import type { MessageQuery, MessageReader } from '../application/ports/reader.ts'
import type { StatusStep, Transaction } from '../application/ports/transaction.ts'
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
    advance: (messageId, step) => advance(db, { accountId, messageId }, step),
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
  step: StatusStep,
): Promise<void> {
  const { accountId, messageId } = message
  await db
    .updateTable('message')
    .set({
      status: step.status,
      error: step.error,
      updatedAt: step.at,
      retryAt: null,
      ...(step.status === 'sent' && { sentAt: step.at }),
      ...(step.status === 'delivered' && { deliveredAt: step.at }),
      ...(step.status === 'read' && { readAt: step.at }),
      ...(step.providerMessageId !== null && { providerMessageId: step.providerMessageId }),
    })
    .where('accountId', '=', accountId)
    .where('id', '=', messageId)
    .execute()
  await db
    .insertInto('messageStatus')
    .values({ ...message, status: step.status, at: step.at, error: step.error })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}
