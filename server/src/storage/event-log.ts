import { sql } from 'kysely'
import type { EventLog } from '../application/ports/event-log.ts'
import type { Place, RecordedEvent } from '../domain/event-log.ts'
import { oldestPosition, positionOf } from '../domain/event-log.ts'
import type { DomainEvent } from '../domain/events.ts'
import type { JsonObject } from '../domain/ref.ts'
import { EVENT } from './columns.ts'
import type { Queries } from './database.ts'
import { ERASED } from './event-erasure.ts'
import { insertRows } from './recordset.ts'

/** An event with the account it belongs to. */
export interface LoggedEvent {
  accountId: string
  event: DomainEvent
  isSilent: boolean
}

/** Who had a conversation is read from these: they outlive the rest of the log. The partial index says the same, word for word. */
export const ASSIGNMENTS = sql.raw(`'conversation.assigned', 'conversation.transferred'`)

/** Events as rows of the log. */
export function eventRows(events: LoggedEvent[], createdAt: Date): object[] {
  return events.map(({ accountId, event, isSilent }) => {
    const { type, ...data } = event
    const conversationId = 'conversationId' in event ? event.conversationId : null
    return { accountId, type, conversationId, data, isSilent, createdAt }
  })
}

/** Appends to the log; in the caller's transaction, so an event is there exactly when what it tells is. */
export async function writeEvents(db: Queries, events: LoggedEvent[], createdAt: Date): Promise<void> {
  await insertRows(db, { table: 'event', columns: EVENT, returning: [] }, eventRows(events, createdAt))
}

interface StateRow {
  epoch: string
  keptTransactionId: number
  keptId: number
}

/** An event, or nulls where an outer join found none. */
interface EventRow {
  id: number | null
  transactionId: number
  type: DomainEvent['type']
  data: JsonObject
  isSilent: boolean
  createdAt: Date
}

/**
 * The log's state. `final_below`: every transaction with a smaller id has ended and is seen, and every later one gets a greater id, so
 * nothing will ever appear below it. A clone that was never started by itself has its original's epoch, or none.
 */
const stateOf = (accountId: string) => sql`(
  select coalesce(i.epoch, '00000000-0000-0000-0000-000000000000') as epoch,
         pg_snapshot_xmin(pg_current_snapshot()) as final_below,
         coalesce(r.through_transaction_id, '0') as kept_transaction_id, coalesce(r.through_id, 0) as kept_id
    from (values (1)) one
    left join installation i on true
    left join event_retention r on r.account_id = ${accountId}
) s`

const EVENT_COLUMNS = sql.raw('e.id, e.transaction_id, e.type, e.data, e.is_silent, e.created_at')

export function createEventLog(db: Queries, accountId: string): EventLog {
  return {
    look: async (after, limit) => {
      const rows = await look(db, accountId, after, limit)
      const [state] = rows
      if (!state) throw new Error('The state of the event log is one row at least.')
      return {
        ...toState(state),
        writtenAt: state.writtenAt,
        isHeldBack: state.isHeldBack,
        events: rows.flatMap(toEvent),
      }
    },
    end: async () => {
      const { rows } = await sql<StateRow & EventRow>`
        select s.epoch, s.kept_transaction_id, s.kept_id, ${EVENT_COLUMNS}
          from ${stateOf(accountId)}
          left join lateral (
            select * from event e
             where e.account_id = ${accountId} and e.transaction_id < s.final_below and e.type <> ${ERASED}
               and (e.transaction_id, e.id) > (s.kept_transaction_id, s.kept_id)
             order by e.transaction_id desc, e.id desc limit 1) e on true
      `.execute(db)
      const [row] = rows
      if (!row) throw new Error('The state of the event log is one row at least.')
      const [last] = toEvent(row)
      return last ? positionOf(row.epoch, last) : oldestPosition(toState(row))
    },
  }
}

type LookRow = StateRow & EventRow & { writtenAt: Date | null; isHeldBack: boolean }

/** One statement, so that the state and the events are of one snapshot: nothing is deleted in between. */
async function look(db: Queries, accountId: string, after: Place, limit: number): Promise<LookRow[]> {
  const { transactionId, id } = after
  const { rows } = await sql<LookRow>`
    select s.epoch, s.kept_transaction_id, s.kept_id, a.created_at as written_at, ${EVENT_COLUMNS},
           exists (select from event h where h.account_id = ${accountId} and h.transaction_id >= s.final_below) as is_held_back
      from ${stateOf(accountId)}
      cross join lateral (
        select case when is_kept then ${transactionId}::xid8 else s.kept_transaction_id end as transaction_id,
               case when is_kept then ${id}::bigint else s.kept_id end as id
          from (select (${transactionId}::xid8, ${id}::bigint) >= (s.kept_transaction_id, s.kept_id) as is_kept) k) p
      left join event a on a.account_id = ${accountId} and a.id = ${id}::bigint
        and a.transaction_id = ${transactionId}::xid8 and a.transaction_id < s.final_below
      left join lateral (
        select * from event e
         where e.account_id = ${accountId} and e.transaction_id < s.final_below and e.type <> ${ERASED}
           and (e.transaction_id, e.id) > (p.transaction_id, p.id)
         order by e.transaction_id, e.id limit ${limit}) e on true
     order by e.transaction_id, e.id
  `.execute(db)
  return rows
}

function toState(row: StateRow) {
  return { epoch: row.epoch, keptAfter: { transactionId: row.keptTransactionId, id: row.keptId } }
}

function toEvent(row: EventRow): RecordedEvent[] {
  const { id, transactionId, type, data, isSilent, createdAt } = row
  if (id === null) return []
  // What was written is a DomainEvent: the log takes nothing else.
  return [{ id, transactionId, event: { ...data, type } as DomainEvent, isSilent, occurredAt: createdAt }]
}
