import { sql } from 'kysely'
import type { Ids } from '../application/ports/ids.ts'
import type {
  KnownMessage,
  LedgerEntry,
  MessageLedger,
  NewMessage,
} from '../application/ports/message-ledger.ts'
import type { Attachment } from '../domain/attachment.ts'
import type { Conversation } from '../domain/conversation.ts'
import type { Ref } from '../domain/ref.ts'
import { ATTACHMENT, CONVERSATION_STATE, EPISODE, MESSAGE } from './columns.ts'
import type { Queries } from './database.ts'
import { writeEvents } from './event-log.ts'
import { enqueueDispatch } from './job-queue.ts'
import { createLoader, toMessages, toOperators } from './load.ts'
import { insertRows, updateRows } from './recordset.ts'
import type { MessageRow, OperatorRow } from './tables.ts'

interface Wanted {
  accountId: string
  ref: Ref
}

const accountsOf = (items: { accountId: string }[]) => [...new Set(items.map((item) => item.accountId))]
const keyOf = (accountId: string, ref: Ref) => `${accountId}:${'id' in ref ? ref.id : ref.number}`

/** Rows of one table named by ref, in any accounts: one statement, indexed by both of their names. */
async function named<Row extends { accountId: string; id: string; number: number }>(
  db: Queries,
  table: string,
  wanted: Wanted[],
): Promise<Map<string, Row>> {
  if (wanted.length === 0) return new Map()
  const ids = wanted.flatMap(({ ref }) => ('id' in ref ? [ref.id] : []))
  const numbers = wanted.flatMap(({ ref }) => ('number' in ref ? [ref.number] : []))
  const { rows } = await sql<Row>`
    select * from ${sql.table(table)} where account_id = any(${accountsOf(wanted)}::uuid[])
      and (id = any(${ids}::uuid[]) or number = any(${numbers}::bigint[]))
  `.execute(db)
  return new Map(
    rows.flatMap((row) => [
      [keyOf(row.accountId, { id: row.id }), row],
      [keyOf(row.accountId, { number: row.number }), row],
    ]),
  )
}

export function createLedger(db: Queries, now: Date, ids: Ids): MessageLedger {
  return {
    now,
    ids,
    lock: (wanted) => lock(db, wanted),
    operators: (wanted) => operators(db, wanted),
    ...createKeyLookups(db),
    ...createLedgerWrites(db, now),
    attachments: async (wanted) => {
      const found = await named<Attachment>(db, 'attachment', wanted)
      return wanted.map(({ accountId, ref }) => found.get(keyOf(accountId, ref)) ?? null)
    },
  }
}

async function lock(db: Queries, wanted: Wanted[]): Promise<(LedgerEntry | null)[]> {
  const targets = await named<Conversation>(db, 'conversation', wanted)
  const ids = [...new Set([...targets.values()].map((row) => row.id))]
  if (ids.length === 0) return wanted.map(() => null)
  // Always in id order, so that two batches cannot wait for each other.
  const { rows } = await sql<Conversation>`
    select * from conversation where account_id = any(${accountsOf(wanted)}::uuid[]) and id = any(${ids}::uuid[])
     order by id for update
  `.execute(db)
  const loader = createLoader(db, accountsOf(wanted))
  const channels = await loader.channels(rows.map((row) => row.channelId))
  const contacts = await loader.contacts(rows.map((row) => row.contactId))
  const identities = await loader.identities(rows.map((row) => row.identityId))
  const entries = new Map<string, LedgerEntry>()
  for (const conversation of rows) {
    const channel = channels.get(conversation.channelId)
    const contact = contacts.get(conversation.contactId)
    const identity = identities.get(conversation.identityId)
    if (channel && contact && identity)
      entries.set(conversation.id, { conversation, channel, contact, identity })
  }
  return wanted.map(({ accountId, ref }) => {
    const row = targets.get(keyOf(accountId, ref))
    return (row && entries.get(row.id)) ?? null
  })
}

async function operators(db: Queries, wanted: { accountId: string; ref: Ref | 'owner' }[]) {
  const refs = wanted.flatMap(({ accountId, ref }) => (ref === 'owner' ? [] : [{ accountId, ref }]))
  const rows = await named<OperatorRow>(db, 'operator', refs)
  const owners = wanted.some(({ ref }) => ref === 'owner')
    ? await db
        .selectFrom('operator')
        .selectAll()
        .where('accountId', 'in', accountsOf(wanted))
        .where('role', '=', 'owner')
        .execute()
    : []
  const loader = createLoader(db, accountsOf(wanted))
  const living = [...new Set([...rows.values(), ...owners])].filter((row) => row.removedAt === null)
  const found = new Map((await toOperators(loader, living)).map((operator) => [operator.id, operator]))
  const ownerIds = new Map(owners.map((owner) => [owner.accountId, owner.id]))
  return wanted.map(({ accountId, ref }) => {
    const id = ref === 'owner' ? ownerIds.get(accountId) : rows.get(keyOf(accountId, ref))?.id
    return found.get(id ?? '') ?? null
  })
}

type KeyLookups = Pick<MessageLedger, 'findByClientIds' | 'findByProviderIds' | 'takenIds'>

function createKeyLookups(db: Queries): KeyLookups {
  const known = async (rows: MessageRow[]): Promise<Map<string, KnownMessage>> => {
    const messages = await toMessages(createLoader(db, accountsOf(rows)), rows)
    return new Map(
      messages.map((message, index) => [message.id, { message, sourceUrl: rows[index]?.sourceUrl ?? null }]),
    )
  }
  const all = db.selectFrom('message').selectAll()
  return {
    findByClientIds: async (keys) => {
      if (keys.length === 0) return []
      const rows = await all
        .where('accountId', 'in', accountsOf(keys))
        .where(
          'conversationId',
          'in',
          keys.map((key) => key.conversationId),
        )
        .where(
          'clientId',
          'in',
          keys.map((key) => key.clientId),
        )
        .execute()
      const messages = await known(rows)
      const ids = new Map(rows.map((row) => [`${row.conversationId}:${row.clientId}`, row.id]))
      return keys.map((key) => messages.get(ids.get(`${key.conversationId}:${key.clientId}`) ?? '') ?? null)
    },
    findByProviderIds: async (keys) => {
      if (keys.length === 0) return []
      const rows = await all
        .where('accountId', 'in', accountsOf(keys))
        .where(
          'channelId',
          'in',
          keys.map((key) => key.channelId),
        )
        .where(
          'providerMessageId',
          'in',
          keys.map((key) => key.providerMessageId),
        )
        .execute()
      const messages = await known(rows)
      const ids = new Map(rows.map((row) => [`${row.channelId}:${row.providerMessageId}`, row.id]))
      return keys.map(
        (key) => messages.get(ids.get(`${key.channelId}:${key.providerMessageId}`) ?? '') ?? null,
      )
    },
    takenIds: async (keys) => {
      if (keys.length === 0) return new Set()
      const rows = await db
        .selectFrom('message')
        .select(['accountId', 'id'])
        .where('accountId', 'in', accountsOf(keys))
        .where(
          'id',
          'in',
          keys.map((key) => key.id),
        )
        .execute()
      return new Set(rows.map((row) => `${row.accountId}:${row.id}`))
    },
  }
}

type LedgerWrites = Pick<
  MessageLedger,
  | 'insertAttachments'
  | 'bindAttachments'
  | 'insertEpisodes'
  | 'insertMessages'
  | 'saveConversations'
  | 'record'
  | 'enqueueDispatch'
>

function createLedgerWrites(db: Queries, now: Date): LedgerWrites {
  return {
    insertAttachments: (attachments) =>
      insertRows<Attachment>(db, { table: 'attachment', columns: ATTACHMENT, returning: ['*'] }, attachments),
    bindAttachments: async (bindings) => {
      if (bindings.length === 0) return
      const rows = bindings.map(({ accountId, attachmentId, messageId }) => ({
        accountId,
        id: attachmentId,
        messageId,
      }))
      const columns = { account_id: 'uuid', id: 'uuid', message_id: 'uuid' }
      await updateRows(db, { table: 'attachment', columns }, rows)
    },
    insertEpisodes: async (episodes) => {
      await insertRows(db, { table: 'episode', columns: EPISODE, returning: [] }, episodes)
    },
    insertMessages: (messages) => insertMessages(db, messages),
    saveConversations: (conversations) =>
      updateRows(db, { table: 'conversation', columns: CONVERSATION_STATE }, conversations),
    record: (events) => writeEvents(db, events, now),
    enqueueDispatch: (conversations) => enqueueDispatch(db, conversations, 0),
  }
}

async function insertMessages(db: Queries, messages: NewMessage[]) {
  const dispatched = messages.filter((message) => message.isDispatched)
  const dispatchNumbers = await nextDispatchNumbers(db, dispatched.length)
  const rows = messages.map(({ author, isDispatched, ...message }) => ({
    ...message,
    authorKind: author.kind,
    authorId: author.id,
    dispatchNumber: isDispatched ? (dispatchNumbers.shift() ?? null) : null,
  }))
  const columns = MESSAGE
  const inserted = await insertRows<{ id: string; number: number; dispatchNumber: number | null }>(
    db,
    { table: 'message', columns, returning: ['id', 'number', 'dispatch_number'] },
    rows,
  )
  const numbers = new Map(inserted.map((row) => [row.id, row]))
  const history = messages.map(({ accountId, id: messageId, status, createdAt: at }) => ({
    accountId,
    messageId,
    status,
    at,
  }))
  await insertRows(db, { table: 'message_status', columns: STATUS, returning: [] }, history)
  return messages.map(({ id }) => {
    const row = numbers.get(id)
    if (!row) throw new Error('A message was not inserted.')
    return { number: row.number, dispatchNumber: row.dispatchNumber }
  })
}

const STATUS = { account_id: 'uuid', message_id: 'uuid', status: 'text', at: 'timestamptz' }

async function nextDispatchNumbers(db: Queries, count: number): Promise<number[]> {
  if (count === 0) return []
  const { rows } = await sql<{ number: number }>`
    select nextval('dispatch_number') as number from generate_series(1, ${count}::int)
  `.execute(db)
  return rows.map((row) => row.number)
}
