import type { Actor } from '../domain/actor.ts'
import { auditOf } from '../domain/audit.ts'
import type { DomainEvent } from '../domain/events.ts'
import type { Ids } from '../application/ports/ids.ts'
import type { Reader } from '../application/ports/reader.ts'
import type { RunBatch } from '../application/ports/house.ts'
import type { Transaction } from '../application/ports/transaction.ts'
import { createAccounts, createTokenReader, createTokens } from './accounts.ts'
import { createAuditReader, writeAudit } from './audit.ts'
import { transacting } from './availability.ts'
import { createAttachments } from './attachments.ts'
import { createBots } from './bots.ts'
import { createChannelWriter } from './channel-writer.ts'
import { createChannelReader } from './channels.ts'
import { createContactReader, createContactWriter } from './contacts.ts'
import { createConversationReader, createConversationWriter } from './conversations.ts'
import type { Database, Queries, Tx } from './database.ts'
import { createEventLog, writeEvents, type LoggedEvent } from './event-log.ts'
import { createErasure } from './erasure.ts'
import { eventsAbout } from './event-erasure.ts'
import { createDispatchLedger } from './dispatch-ledger.ts'
import { enqueueWake } from './job-queue.ts'
import { createInvitations, createSetup } from './invitations.ts'
import { createKnown, type Known } from './known.ts'
import { createGroups } from './groups.ts'
import { createLiveReader } from './live-reader.ts'
import { createLedger } from './message-ledger.ts'
import { createMessageReader, createMessages } from './messages.ts'
import { createOperatorReader, createOperatorWriter } from './operators.ts'
import { createReviews } from './reviews.ts'
import { createRoleReader, createRoles } from './roles.ts'
import type { Secrets } from './secrets.ts'
import type { Shelf } from './shelf.ts'
import { createVisitorSessions } from './visitor-sessions.ts'
import { createWebhookBook } from './webhook-book.ts'
import { createWebhookSubjects } from './webhook-subjects.ts'
import { createWebhookReader, createWebhooks } from './webhooks.ts'

/** What every transaction is made with. `clock` is the one source of time. */
export interface StorageParts {
  db: Database
  ids: Ids
  secrets: Secrets
  shelf: Shelf
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
  const { db, clock, shelf, secrets } = parts
  const known = createKnown(shelf)

  /** One transaction; what its committed try has recorded is told after the commit. */
  async function telling<Output>(run: (tx: Tx, told: Told) => Promise<Output>): Promise<Output> {
    const recorded: LoggedEvent[] = []
    const output = await transacting(() => {
      recorded.length = 0
      return db.transaction().execute((tx) => run(tx, (event) => recorded.push(event)))
    })
    for (const { accountId, event } of recorded) if (isAboutAccount(event)) shelf.forget(accountId)
    if (recorded.length > 0) parts.announce(new Set(recorded.map(({ accountId }) => accountId)))
    return output
  }

  return {
    transact: (actor, work) => telling((tx, told) => work(createTransaction(tx, { ...parts, told, actor }))),
    read: async (actor, work) => {
      await shelf.fresh()
      return transacting(() => work(createReader(db, actor, { now: clock(), known, secrets })))
    },
    runBatch: async (work) => {
      await shelf.fresh()
      return telling((tx, told) => {
        const now = clock()
        return work({
          messages: createLedger(tx, { ...parts, now, known, told }),
          dispatches: createDispatchLedger(tx, { now, known, secrets, told }),
          webhooks: createWebhookBook(tx, { now, told }),
        })
      })
    },
  }
}

/** Hears of every event a transaction records. */
export type Told = (event: LoggedEvent) => void

/** What the shelf keeps may have changed. The same question is asked of the log in `shelf.ts`. */
function isAboutAccount(event: DomainEvent): boolean {
  return !('conversationId' in event) && !event.type.startsWith('contact.')
}

function createReader(
  db: Queries,
  { accountId, reach }: Pick<Actor, 'accountId' | 'reach'>,
  { now, known, secrets }: { now: Date; known: Known; secrets: Secrets },
): Reader {
  return {
    accountId,
    now,
    accounts: createAccounts(db, accountId, known),
    operators: createOperatorReader(db, accountId, known),
    groups: createGroups(db, accountId),
    bots: createBots(db, accountId, now),
    roles: createRoleReader(db, accountId),
    channels: createChannelReader(db, accountId, known),
    contacts: createContactReader(db, { accountId, reach }),
    conversations: createConversationReader(db, accountId, reach),
    messages: createMessageReader(db, accountId),
    attachments: createAttachments(db, accountId),
    reviews: createReviews(db, accountId),
    events: createEventLog(db, accountId),
    live: createLiveReader(db, { accountId, reach }),
    eventsAbout: (about, after, limit) => eventsAbout(db, accountId, { about, after, limit }),
    audit: createAuditReader(db, accountId),
    visitors: createVisitorSessions(db, { accountId, secrets }),
    webhooks: createWebhookReader(db, { accountId, now, secrets }),
    webhookSubjects: createWebhookSubjects(db, accountId),
    tokens: createTokenReader(db, accountId),
    invitations: createInvitations(db, { accountId, now, secrets }),
  }
}

interface TransactionParts extends StorageParts {
  actor: Actor
  told: Told
}

function createTransaction(db: Queries, parts: TransactionParts): Transaction {
  const { actor, told } = parts
  const { accountId, reach } = actor
  const now = parts.clock()
  const record = async (events: DomainEvent[], isSilent: boolean): Promise<void> => {
    const logged = events.map((event) => ({ accountId, event, isSilent }))
    logged.forEach(told)
    await writeEvents(db, logged, now)
    const entries = events.flatMap((event) => auditOf(event, actor) ?? [])
    await writeAudit(db, actor, { entries, now })
  }
  // It may itself have changed what is known.
  const known = createKnown(null)
  return {
    ...createReader(db, actor, { now, known, secrets: parts.secrets }),
    ids: parts.ids,
    accounts: createAccounts(db, accountId, known),
    tokens: createTokens(db, { accountId, now, secrets: parts.secrets }),
    operators: createOperatorWriter(db, accountId, now),
    invitations: createInvitations(db, { accountId, now, secrets: parts.secrets }),
    installation: createSetup(db, parts.secrets),
    groups: createGroups(db, accountId),
    bots: createBots(db, accountId, now),
    roles: createRoles(db, accountId, now),
    channels: createChannelWriter(db, { accountId, now, secrets: parts.secrets }),
    contacts: createContactWriter(db, { accountId, reach }),
    conversations: createConversationWriter(db, accountId, reach),
    attachments: createAttachments(db, accountId),
    reviews: createReviews(db, accountId),
    messages: createMessages(db, accountId, now),
    visitors: createVisitorSessions(db, { accountId, secrets: parts.secrets }),
    webhooks: createWebhooks(db, { accountId, now, secrets: parts.secrets }),
    erasure: createErasure(db, accountId),
    ledger: createLedger(db, { ids: parts.ids, now, known, told }),
    keepAudit: (entry) => writeAudit(db, actor, { entries: [entry], now }),
    recordAll: (events) => record(events, false),
    record: (event, isSilent = false) => record([event], isSilent),
    enqueueWake: (conversationId, delayMs) => enqueueWake(db, { accountId, conversationId }, delayMs),
  }
}
