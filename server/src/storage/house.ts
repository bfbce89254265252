import type { Actor } from '../domain/actor.ts'
import type { Ids } from '../application/ports/ids.ts'
import type { Reader } from '../application/ports/reader.ts'
import type { RunBatch } from '../application/ports/house.ts'
import type { Transaction } from '../application/ports/transaction.ts'
import type { DomainEvent } from '../domain/events.ts'
import { createAccounts, createTokens } from './accounts.ts'
import { transacting } from './availability.ts'
import { createAttachments } from './attachments.ts'
import { createChannelReader, createChannelWriter } from './channels.ts'
import { createContactReader, createContactWriter } from './contacts.ts'
import { createConversationReader, createConversationWriter } from './conversations.ts'
import type { Database, Queries } from './database.ts'
import { writeEvents } from './event-log.ts'
import { createDispatchLedger } from './dispatch-ledger.ts'
import { enqueueWake } from './job-queue.ts'
import { createKnown, type Known } from './known.ts'
import { createBots, createGroups } from './groups-and-bots.ts'
import { createLedger } from './message-ledger.ts'
import { createMessageReader } from './messages.ts'
import { createOperatorReader, createOperatorWriter } from './operators.ts'
import { createReviews } from './reviews.ts'
import type { Secrets } from './secrets.ts'
import type { Shelf } from './shelf.ts'

/** What every transaction is made with. `clock` is the one source of time. */
export interface StorageParts {
  db: Database
  ids: Ids
  secrets: Secrets
  shelf: Shelf
  clock(): Date
}

/** Opens transactions and readings, each confined to one account, and batches, which are not. */
export interface Storage {
  transact<Output>(actor: Actor, work: (tx: Transaction) => Promise<Output>): Promise<Output>
  read<Output>(actor: Actor, work: (reader: Reader) => Promise<Output>): Promise<Output>
  runBatch: RunBatch
}

export function createStorage(parts: StorageParts): Storage {
  const { db, clock, shelf, secrets } = parts
  const known = createKnown(shelf)
  return {
    transact: async (actor, work) => {
      const changed = { isAccount: false }
      const onEvent = (event: DomainEvent) => {
        if (isAboutAccount(event)) changed.isAccount = true
      }
      const output = await transacting(() =>
        db.transaction().execute((tx) => work(createTransaction(tx, { ...parts, actor, onEvent }))),
      )
      if (changed.isAccount) shelf.forget(actor.accountId)
      return output
    },
    read: async (actor, work) => {
      await shelf.fresh()
      return transacting(() => work(createReader(db, actor.accountId, { now: clock(), known })))
    },
    runBatch: async (work) => {
      await shelf.fresh()
      return transacting(() => {
        const now = clock()
        return db.transaction().execute((tx) =>
          work({
            messages: createLedger(tx, { ...parts, now, known }),
            dispatches: createDispatchLedger(tx, { now, known, secrets }),
          }),
        )
      })
    },
  }
}

/** What the shelf keeps may have changed. The same question is asked of the log in `shelf.ts`. */
function isAboutAccount(event: DomainEvent): boolean {
  return !('conversationId' in event) && !event.type.startsWith('contact.')
}

function createReader(db: Queries, accountId: string, { now, known }: { now: Date; known: Known }): Reader {
  return {
    accountId,
    now,
    accounts: createAccounts(db, accountId, known),
    operators: createOperatorReader(db, accountId, known),
    groups: createGroups(db, accountId),
    bots: createBots(db, accountId),
    channels: createChannelReader(db, accountId, known),
    contacts: createContactReader(db, accountId),
    conversations: createConversationReader(db, accountId),
    messages: createMessageReader(db, accountId),
    attachments: createAttachments(db, accountId),
    reviews: createReviews(db, accountId),
  }
}

interface TransactionParts extends StorageParts {
  actor: Actor
  onEvent(event: DomainEvent): void
}

function createTransaction(db: Queries, parts: TransactionParts): Transaction {
  const { accountId } = parts.actor
  const now = parts.clock()
  const record = async (events: DomainEvent[], isSilent: boolean): Promise<void> => {
    events.forEach(parts.onEvent)
    await writeEvents(
      db,
      events.map((event) => ({ accountId, event, isSilent })),
      now,
    )
  }
  // It may itself have changed what is known.
  const known = createKnown(null)
  return {
    ...createReader(db, accountId, { now, known }),
    ids: parts.ids,
    accounts: createAccounts(db, accountId, known),
    tokens: createTokens(db, { accountId, now, secrets: parts.secrets }),
    operators: createOperatorWriter(db, accountId, now),
    groups: createGroups(db, accountId),
    bots: createBots(db, accountId),
    channels: createChannelWriter(db, accountId, parts.secrets),
    contacts: createContactWriter(db, accountId),
    conversations: createConversationWriter(db, accountId),
    attachments: createAttachments(db, accountId),
    reviews: createReviews(db, accountId),
    ledger: createLedger(db, { ids: parts.ids, now, known }),
    recordAll: (events) => record(events, false),
    record: (event, isSilent = false) => record([event], isSilent),
    enqueueWake: (conversationId, delayMs) => enqueueWake(db, { accountId, conversationId }, delayMs),
  }
}
