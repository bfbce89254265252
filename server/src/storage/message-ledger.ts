import { sql } from 'kysely'
import type { Ids } from '../application/ports/ids.ts'
import type {
  ConversationChange,
  KnownMessage,
  LedgerEntries,
  LedgerEntry,
  MessageLedger,
  NewMessage,
} from '../application/ports/message-ledger.ts'
import type { Attachment } from '../domain/attachment.ts'
import type { Conversation } from '../domain/conversation.ts'
import type { Ref } from '../domain/ref.ts'
import { ATTACHMENT, CONVERSATION_SPOKEN, CONVERSATION_STATE, EPISODE, EVENT, MESSAGE } from './columns.ts'
import type { Queries } from './database.ts'
import { eventRows, type LoggedEvent } from './event-log.ts'
import { enqueueDispatch } from './job-queue.ts'
import type { Known } from './known.ts'
import { createLoader, toMessages } from './load.ts'
import { camel, change, insertion, insertRows, updateRows, type InsertInto } from './recordset.ts'
import type { MessageRow } from './tables.ts'

interface Wanted {
  accountId: string
  ref: Ref
}

const accountsOf = (items: { accountId: string }[]) => [...new Set(items.map((item) => item.accountId))]
const keyOf = (accountId: string, ref: Ref) => `${accountId}:${'id' in ref ? ref.id : ref.number}`

function namesOf(wanted: Wanted[]): { ids: string[]; numbers: number[] } {
  return {
    ids: [...new Set(wanted.flatMap(({ ref }) => ('id' in ref ? [ref.id] : [])))],
    numbers: [...new Set(wanted.flatMap(({ ref }) => ('number' in ref ? [ref.number] : [])))],
  }
}

/** Rows of one table named by ref, in any accounts: one statement, indexed by both of their names. */
async function named<Row extends { accountId: string; id: string; number: number }>(
  db: Queries,
  table: string,
  wanted: Wanted[],
): Promise<Map<string, Row>> {
  if (wanted.length === 0) return new Map()
  const { ids, numbers } = namesOf(wanted)
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

export interface LedgerParts {
  now: Date
  ids: Ids
  known: Known
  /** Hears of every event that is recorded. */
  told(event: LoggedEvent): void
}

export function createLedger(db: Queries, { now, ids, known, told }: LedgerParts): MessageLedger {
  return {
    now,
    ids,
    lock: (wanted) => lock(db, known, wanted),
    operators: (wanted) => known.operators(db, wanted),
    ...createKeyLookups(db),
    ...createLedgerWrites(db),
    write: (entries) => {
      entries.events.forEach(told)
      return write(db, entries, now)
    },
    attachments: async (wanted) => {
      const found = await named<Attachment>(db, 'attachment', wanted)
      return wanted.map(({ accountId, ref }) => found.get(keyOf(accountId, ref)) ?? null)
    },
  }
}

/** Locks in one statement; always in id order, so that two batches cannot wait for each other. */
async function lock(db: Queries, known: Known, wanted: Wanted[]): Promise<(LedgerEntry | null)[]> {
  if (wanted.length === 0) return []
  const accountIds = accountsOf(wanted)
  const { ids, numbers } = namesOf(wanted)
  const { rows } = await sql<Conversation>`
    select * from conversation where account_id = any(${accountIds}::uuid[])
       and (id = any(${ids}::uuid[]) or number = any(${numbers}::bigint[]))
     order by id for update
  `.execute(db)
  const channels = await known.channels(
    db,
    rows.map(({ accountId, channelId: id }) => ({ accountId, ref: { id } })),
  )
  const loader = createLoader(db, accountIds)
  const contacts = await loader.contacts(rows.map((row) => row.contactId))
  const identities = await loader.identities(rows.map((row) => row.identityId))
  const entries = new Map<string, LedgerEntry>()
  for (const [index, conversation] of rows.entries()) {
    const channel = channels[index]?.channel
    const contact = contacts.get(conversation.contactId)
    const identity = identities.get(conversation.identityId)
    if (!channel || !contact || !identity) continue
    const entry = { conversation, channel, contact, identity }
    entries.set(keyOf(conversation.accountId, { id: conversation.id }), entry)
    entries.set(keyOf(conversation.accountId, { number: conversation.number }), entry)
  }
  return wanted.map(({ accountId, ref }) => entries.get(keyOf(accountId, ref)) ?? null)
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

type LedgerWrites = Pick<MessageLedger, 'insertAttachments' | 'bindAttachments' | 'insertEpisodes'>

function createLedgerWrites(db: Queries): LedgerWrites {
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
  }
}

const RARELY_CHANGED = Object.keys(CONVERSATION_STATE)
  .filter((name) => !(name in CONVERSATION_SPOKEN))
  .map(camel)

const OUTBOX = {
  ...{ account_id: 'uuid', conversation_id: 'uuid', seq: 'integer', message_id: 'uuid' },
  created_at: 'timestamptz',
}

const INTO_MESSAGE: InsertInto = {
  table: 'message',
  columns: MESSAGE,
  returning: ['id', 'number', 'dispatch_number'],
  derived: { dispatch_number: `case when r.dispatch_number then nextval('dispatch_number') end` },
}

interface Numbered {
  id: string
  number: number
  dispatchNumber: number | null
}

/** Everything in one statement: a batch of a few messages costs hardly more than its journeys to the database. */
async function write(db: Queries, entries: LedgerEntries, now: Date) {
  const { messages, changes, events } = entries
  const [spoken, others] = apart(changes)
  await updateRows(db, { table: 'conversation', columns: CONVERSATION_STATE }, others)
  const waiting = messages
    .filter(({ status }) => status === 'pending')
    .map(({ id, ...message }) => ({ ...message, messageId: id }))
  const parts = [sql`inserted as (${insertion(INTO_MESSAGE, messages.map(messageRow))})`]
  if (spoken.length > 0)
    parts.push(sql`saved as (${change({ table: 'conversation', columns: CONVERSATION_SPOKEN }, spoken)})`)
  if (events.length > 0)
    parts.push(
      sql`told as (${insertion({ table: 'event', columns: EVENT, returning: [] }, eventRows(events, now))})`,
    )
  if (waiting.length > 0)
    parts.push(sql`queued as (${insertion({ table: 'outbox', columns: OUTBOX, returning: [] }, waiting)})`)
  const { rows } = await sql<Numbered>`
    with ${sql.join(parts)} select id, number, dispatch_number from inserted
  `.execute(db)
  await enqueueDispatch(db, waiting)
  const numbers = new Map(rows.map((row) => [row.id, row]))
  return messages.map(({ id }) => {
    const row = numbers.get(id)
    if (!row) throw new Error('A message was not inserted.')
    return { number: row.number, dispatchNumber: row.dispatchNumber }
  })
}

/** Most messages only count and date; writing no more than that halves what they cost. */
function apart(changes: ConversationChange[]): [Conversation[], Conversation[]] {
  const spoken: Conversation[] = []
  const others: Conversation[] = []
  for (const { before, after } of changes) {
    const isMore = RARELY_CHANGED.some((key) => Reflect.get(before, key) !== Reflect.get(after, key))
    const kind = isMore ? others : spoken
    kind.push(after)
  }
  return [spoken, others]
}

function messageRow({ author, isDispatched, ...message }: NewMessage): object {
  return { ...message, authorKind: author.kind, authorId: author.id, dispatchNumber: isDispatched }
}
