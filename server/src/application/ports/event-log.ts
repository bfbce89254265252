import type { EventPosition, LogState, Place, RecordedEvent } from '../../domain/event-log.ts'

/** One look at the log; all of it is of one moment. */
export interface LogLook extends LogState {
  /** What comes after the place asked for, in the log's order, as far as nothing can appear before it any more. */
  events: RecordedEvent[]
  /** More is committed, and held back by an older transaction that is still running. */
  isHeldBack: boolean
}

/** The account's event log, oldest first. */
export interface EventLog {
  look(after: Place, limit: number): Promise<LogLook>
  /** The position after which everything comes that is yet to be told. */
  end(): Promise<EventPosition>
}
