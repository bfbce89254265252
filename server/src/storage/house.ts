import type { Actor } from '../domain/actor.ts'
import type { DomainEvent } from '../domain/events.ts'
import type { Ids } from '../application/ports/ids.ts'
import type { MessageLedger } from '../application/ports/message-ledger.ts'
import type { Reader } from '../application/ports/reader.ts'
import type { RunBatch } from '../application/ports/house.ts'
import type { Transaction } from '../application/ports/transaction.ts'
import { createAccounts, createTokens } from './accounts.ts'
import { transacting } from './availability.ts'
import { createAttachments } from './attachments.ts'
import { createChannelReader, createChannelWriter } from './channels.ts'
import { createContactReader, createContactWriter } from './contacts.ts'
import { createConversationReader, createConversationWriter } from './conversations.ts'
import type { Database, Queries, Tx } from './database.ts'
import { createEventLog, writeEvents } from './event-log.ts'
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
  /** Told after each commit that recorded events, and of which accounts. */
  announce(accountIds: ReadonlySet<string>): void
}

/** Opens transactions and readings, each confined to one account, and batches, which are not. */
export interface Storage {
  transact<Output>(actor: Actor, work: (tx: Transaction) => Promise<Output>): Promise<Output>
  read<Output>(actor: Actor, work: (reader: Reader) => Promise<Output>): Promise<Output>
  runBatch: RunBatch
}

export function createStorage(parts: StorageParts): Storage {
  const { db, clock, ids } = parts
  /** Accounts whose events the committed try has recorded; each try begins with none. */
  const announcing = async <Output>(
    run: (recorded: Recorded, tx: Tx) => Promise<Output>,
  ): Promise<Output> => {
    const recorded: Recorded = new Set()
    const output = await transacting(() => {
      recorded.clear()
      return db.transaction().execute((tx) => run(recorded, tx))
    })
    if (recorded.size > 0) parts.announce(recorded)
    return output
  }
  return {
    transact: (actor, work) =>
      announcing((recorded, tx) => work(createTransaction(tx, actor.accountId, parts, recorded))),
    read: (actor, work) => transacting(() => work(createReader(db, actor.accountId, clock()))),
    runBatch: (work) => announcing((recorded, tx) => work(noting(createLedger(tx, clock(), ids), recorded))),
  }
}

type Recorded = Set<string>

/** The ledger, with a note of the accounts it records events of. */
function noting(ledger: MessageLedger, recorded: Recorded): MessageLedger {
  return {
    ...ledger,
    record: (events) => {
      for (const { accountId } of events) recorded.add(accountId)
      return ledger.record(events)
    },
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
    events: createEventLog(db, accountId),
  }
}

function createTransaction(
  db: Queries,
  accountId: string,
  parts: StorageParts,
  recorded: Recorded,
): Transaction {
  const now = parts.clock()
  const recordAll = async (events: DomainEvent[], isSilent = false) => {
    recorded.add(accountId)
    await writeEvents(
      db,
      events.map((event) => ({ accountId, event, isSilent })),
      now,
    )
  }
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
    ledger: noting(createLedger(db, now, parts.ids), recorded),
    events: createEventLog(db, accountId),
    recordAll: (events) => recordAll(events),
    record: (event, isSilent = false) => recordAll([event], isSilent),
    enqueueWake: (conversationId, delayMs) => enqueueWake(db, { accountId, conversationId }, delayMs),
    enqueueDispatch: (conversationId, delayMs = 0) =>
      enqueueDispatch(db, [{ accountId, conversationId }], delayMs),
  }
}
