import { sql } from 'kysely'
import type {
  Advance,
  ConversationKey,
  Deferral,
  DispatchLedger,
  Leased,
  NothingToSend,
  OutboxKey,
} from '../application/ports/dispatch-ledger.ts'
import type { MessageStatus } from '../domain/message.ts'
import type { Queries } from './database.ts'
import { writeEvents, type LoggedEvent } from './event-log.ts'
import { enqueueDispatchLater } from './job-queue.ts'
import type { Known } from './known.ts'
import { createLoader, toMessages } from './load.ts'
import { recordset, updateRows } from './recordset.ts'
import type { Secrets } from './secrets.ts'
import type { MessageRow } from './tables.ts'

interface Turn extends ConversationKey {
  holder: string
}

const accountsOf = (items: { accountId: string }[]) => [...new Set(items.map((item) => item.accountId))]
const keyOf = (item: ConversationKey) => `${item.accountId}:${item.conversationId}`

const KEY = { account_id: 'uuid', conversation_id: 'uuid', seq: 'integer' }

export interface DispatchLedgerParts {
  now: Date
  known: Known
  secrets: Secrets
  /** Hears of every event that is recorded. */
  told(event: LoggedEvent): void
}

export function createDispatchLedger(db: Queries, parts: DispatchLedgerParts): DispatchLedger {
  const { now } = parts
  return {
    now,
    lockStatuses: (keys) => lockStatuses(db, keys),
    advance: (steps) => advance(db, steps, now),
    settle: async (keys) => {
      if (keys.length === 0) return
      await sql`
        delete from outbox o using ${recordset(keys, KEY)}
         where o.account_id = r.account_id and o.conversation_id = r.conversation_id and o.seq = r.seq
      `.execute(db)
    },
    defer: (deferrals) => defer(db, deferrals, now),
    record: (events) => {
      events.forEach(parts.told)
      return writeEvents(db, events, now)
    },
    claim: (turns, ms) => claim(db, parts, { turns, ms }),
    lookAgain: (conversations) => enqueueDispatchLater(db, conversations),
  }
}

/** In id order, so that two batches cannot wait for each other. */
async function lockStatuses(db: Queries, keys: OutboxKey[]): Promise<(MessageStatus | null)[]> {
  const { rows } = await sql<{ id: string; status: MessageStatus }>`
    select id, status from message where account_id = any(${accountsOf(keys)}::uuid[])
       and id = any(${keys.map(({ messageId }) => messageId)}::uuid[])
     order by id for update
  `.execute(db)
  const found = new Map(rows.map(({ id, status }) => [id, status]))
  return keys.map(({ messageId }) => found.get(messageId) ?? null)
}

const ADVANCED = {
  ...{ account_id: 'uuid', id: 'uuid', status: 'text', error: 'text', provider_message_id: 'text' },
  ...{ is_sent: 'boolean', is_delivered: 'boolean', is_read: 'boolean' },
}

async function advance(db: Queries, steps: Advance[], now: Date): Promise<void> {
  if (steps.length === 0) return
  const rows = steps.map(({ messageId: id, statuses, ...step }) => ({
    ...step,
    ...{ id, status: statuses.at(-1) },
    ...{ isSent: statuses.includes('sent'), isDelivered: statuses.includes('delivered') },
    isRead: statuses.includes('read'),
  }))
  await sql`
    update message m set status = r.status, error = r.error, updated_at = ${now},
        provider_message_id = coalesce(r.provider_message_id, m.provider_message_id),
        sent_at = case when r.is_sent then ${now} else m.sent_at end,
        delivered_at = case when r.is_delivered then ${now} else m.delivered_at end,
        read_at = case when r.is_read then ${now} else m.read_at end
      from ${recordset(rows, ADVANCED)} where m.account_id = r.account_id and m.id = r.id
  `.execute(db)
}

async function defer(db: Queries, deferrals: Deferral[], now: Date): Promise<void> {
  if (deferrals.length === 0) return
  const errors = deferrals.map(({ messageId: id, accountId, error }) => ({
    accountId,
    id,
    error,
    updatedAt: now,
  }))
  const columns = { account_id: 'uuid', id: 'uuid', error: 'text', updated_at: 'timestamptz' }
  await updateRows(db, { table: 'message', columns }, errors)
  await sql`
    update outbox o set attempts = o.attempts + 1, retry_at = r.retry_at, holder = null, leased_until = null
      from ${recordset(deferrals, { ...KEY, retry_at: 'timestamptz' })}
     where o.account_id = r.account_id and o.conversation_id = r.conversation_id and o.seq = r.seq
  `.execute(db)
}

interface Head extends Turn {
  messageId: string
  attempts: number
}

interface Claim {
  turns: Turn[]
  ms: number
}

/** A head that goes while we wait for it leaves another one to be looked for; more than a few times it does not happen. */
const MOST_LOOKS = 5

async function claim(
  db: Queries,
  parts: DispatchLedgerParts,
  { turns, ms }: Claim,
): Promise<(Leased | NothingToSend)[]> {
  const heads = new Map<string, Head>()
  const reasons = new Map<string, NothingToSend>()
  const { now } = parts
  let asking = turns
  for (let looks = 0; asking.length > 0 && looks < MOST_LOOKS; looks += 1) {
    for (const head of await leaseHeads(db, { turns: asking, ms }, now)) heads.set(keyOf(head), head)
    const empty = asking.filter((turn) => !heads.has(keyOf(turn)))
    const states = await stateOfHeads(db, empty, now)
    for (const turn of empty) reasons.set(keyOf(turn), states.get(keyOf(turn)) ?? 'none')
    asking = empty.filter((turn) => states.get(keyOf(turn)) === undefined && states.has(keyOf(turn)))
  }
  const leased = await loadLeased(db, parts, [...heads.values()])
  return turns.map((turn) => {
    const head = heads.get(keyOf(turn))
    if (!head) return reasons.get(keyOf(turn)) ?? 'none'
    // Two may ask for one conversation in the same batch: one of them has it.
    return (head.holder === turn.holder && leased.get(head.messageId)) || 'held'
  })
}

/**
 * The heads that are free and due, leased. Waits for whoever is just writing down what became of one: that head is then
 * gone, and the next one is not in our snapshot.
 */
async function leaseHeads(db: Queries, { turns, ms }: Claim, now: Date) {
  const wanted = turns.toSorted((a, b) => (a.conversationId < b.conversationId ? -1 : 1))
  const { rows } = await sql<Head>`
    update outbox o set holder = h.holder, leased_until = now() + ${ms} * interval '1 millisecond'
      from (select r.account_id, r.conversation_id, r.holder, head.seq
              from ${recordset(wanted, { account_id: 'uuid', conversation_id: 'uuid', holder: 'text' })}
             cross join lateral (select x.seq from outbox x where x.account_id = r.account_id
                and x.conversation_id = r.conversation_id order by x.seq limit 1) head) h
     where o.account_id = h.account_id and o.conversation_id = h.conversation_id and o.seq = h.seq
       and (o.leased_until is null or o.leased_until < now() or o.holder = h.holder)
       and (o.retry_at is null or o.retry_at <= ${now})
    returning o.account_id, o.conversation_id, o.holder, o.message_id, o.attempts
  `.execute(db)
  return rows
}

/** Why heads were not leased; null for one that appeared meanwhile and is free, nothing where there is no head. */
async function stateOfHeads(
  db: Queries,
  turns: Turn[],
  now: Date,
): Promise<Map<string, NothingToSend | undefined>> {
  if (turns.length === 0) return new Map()
  const { rows } = await sql<ConversationKey & { isHeld: boolean; isLater: boolean }>`
    select r.account_id, r.conversation_id, coalesce(head.leased_until >= now(), false) as is_held,
           coalesce(head.retry_at > ${now}, false) as is_later
      from ${recordset(turns, { account_id: 'uuid', conversation_id: 'uuid' })}
     cross join lateral (select x.leased_until, x.retry_at from outbox x where x.account_id = r.account_id
        and x.conversation_id = r.conversation_id order by x.seq limit 1) head
  `.execute(db)
  return new Map(rows.map((row) => [keyOf(row), row.isHeld ? 'held' : row.isLater ? 'later' : undefined]))
}

async function loadLeased(
  db: Queries,
  parts: DispatchLedgerParts,
  heads: Head[],
): Promise<Map<string, Leased>> {
  if (heads.length === 0) return new Map()
  const accountIds = accountsOf(heads)
  const { rows } = await sql<MessageRow & { identityId: string }>`
    select m.*, c.identity_id from message m
      join conversation c on c.account_id = m.account_id and c.id = m.conversation_id
     where m.account_id = any(${accountIds}::uuid[]) and m.id = any(${heads.map((head) => head.messageId)}::uuid[])
  `.execute(db)
  const loader = createLoader(db, accountIds)
  const identities = await loader.identities(rows.map((row) => row.identityId))
  const channels = await parts.known.channels(
    db,
    rows.map(({ accountId, channelId: id }) => ({ accountId, ref: { id } })),
  )
  const messages = await toMessages(
    loader,
    rows.map(({ identityId: _identity, ...row }) => row),
  )
  const attempts = new Map(heads.map((head) => [head.messageId, head.attempts]))
  const leased = new Map<string, Leased>()
  for (const [index, message] of messages.entries()) {
    const identity = identities.get(rows[index]?.identityId ?? '')
    const found = channels[index]
    if (!identity || !found) continue
    const { channel, sealedToken } = found
    const token = sealedToken === null ? null : parts.secrets.unseal(sealedToken)
    leased.set(message.id, { channel, token, identity, message, attempts: attempts.get(message.id) ?? 0 })
  }
  return leased
}
