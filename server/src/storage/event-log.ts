import type { DomainEvent } from '../domain/events.ts'
import { EVENT } from './columns.ts'
import type { Queries } from './database.ts'
import { insertRows } from './recordset.ts'

/** An event with the account it belongs to. */
export interface LoggedEvent {
  accountId: string
  event: DomainEvent
  isSilent: boolean
}

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
