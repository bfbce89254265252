import type { Actor } from '../domain/actor.ts'
import type { Ids } from '../application/ports/ids.ts'
import type { Reader } from '../application/ports/reader.ts'
import type { RunBatch } from '../application/ports/house.ts'
import type { Transaction } from '../application/ports/transaction.ts'
import { createAccounts, createTokens } from './accounts.ts'
import { transacting } from './availability.ts'
import { createAttachments } from './attachments.ts'
import { createChannelReader, createChannelWriter } from './channels.ts'
import { createContactReader, createContactWriter } from './contacts.ts'
import { createConversationReader, createConversationWriter } from './conversations.ts'
import type { Database, Queries } from './database.ts'
import { writeEvents } from './event-log.ts'
import { enqueueDispatch, enqueueWake } from './job-queue.ts'
import { createBots, createGroups } from './groups-and-bots.ts'
import { createLedger } from './ledger.ts'
import { createMessageReader, createMessageWriter } from './messages.ts'
import { createOperatorReader, createOperatorWriter } from './operators.ts'
import { createReviews } from './reviews.ts'
import type { Secrets } from './secrets.ts'

/** What every transaction is made with. `clock` is the one source of time. */
export interface StorageParts {
  db: Database
  ids: Ids
  secrets: Secrets
  clock(): Date
}

/** Opens transactions and readings, each confined to one account, and batches, which are not. */
export interface Storage {
  transact<Output>(actor: Actor, work: (tx: Transaction) => Promise<Output>): Promise<Output>
  read<Output>(actor: Actor, work: (reader: Reader) => Promise<Output>): Promise<Output>
  runBatch: RunBatch
}

export function createStorage(parts: StorageParts): Storage {
  const { db, clock, ids } = parts
  return {
    transact: (actor, work) =>
      transacting(() =>
        db.transaction().execute((tx) => work(createTransaction(tx, actor.accountId, parts))),
      ),
    read: (actor, work) => transacting(() => work(createReader(db, actor.accountId, clock()))),
    runBatch: (work) =>
      transacting(() => db.transaction().execute((tx) => work(createLedger(tx, clock(), ids)))),
  }
}

function createReader(db: Queries, accountId: string, now: Date): Reader {
  return {
    accountId,
    now,
    accounts: createAccounts(db, accountId),
    operators: createOperatorReader(db, accountId),
    groups: createGroups(db, accountId),
    bots: createBots(db, accountId),
    channels: createChannelReader(db, accountId),
    contacts: createContactReader(db, accountId),
    conversations: createConversationReader(db, accountId),
    messages: createMessageReader(db, accountId),
    attachments: createAttachments(db, accountId),
    reviews: createReviews(db, accountId),
  }
}

function createTransaction(db: Queries, accountId: string, parts: StorageParts): Transaction {
  const now = parts.clock()
  return {
    accountId,
    now,
    ids: parts.ids,
    accounts: createAccounts(db, accountId),
    tokens: createTokens(db, parts.secrets),
    operators: createOperatorWriter(db, accountId, now),
    groups: createGroups(db, accountId),
    bots: createBots(db, accountId),
    channels: createChannelWriter(db, accountId, parts.secrets),
    contacts: createContactWriter(db, accountId),
    conversations: createConversationWriter(db, accountId),
    messages: createMessageWriter(db, accountId, now),
    attachments: createAttachments(db, accountId),
    reviews: createReviews(db, accountId),
    ledger: createLedger(db, now, parts.ids),
    recordAll: (events) =>
      writeEvents(
        db,
        events.map((event) => ({ accountId, event, isSilent: false })),
        now,
      ),
    record: (event, isSilent = false) => writeEvents(db, [{ accountId, event, isSilent }], now),
    enqueueWake: (conversationId, delayMs) => enqueueWake(db, { accountId, conversationId }, delayMs),
    enqueueDispatch: (conversationId, delayMs = 0) =>
      enqueueDispatch(db, [{ accountId, conversationId }], delayMs),
  }
}
