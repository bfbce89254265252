import type { DomainEvent } from './events.ts'

/** A place in an account's event log. The log's order is that of (transactionId, id): nothing appears before what was read. */
export interface Place {
  transactionId: number
  id: number
}

/** Before every event. */
export const BEGINNING: Place = { transactionId: 0, id: 0 }

/** How far a reader has come. */
export interface EventPosition extends Place {
  /** Which history the place belongs to: a database restored elsewhere begins another one. */
  epoch: string
  /** When the event at the place was written; null at the beginning of what is kept, where no event need be. */
  writtenAt: Date | null
}

/** An event as the log holds it. */
export interface RecordedEvent extends Place {
  event: DomainEvent
  /** Webhooks do not tell it. */
  isSilent: boolean
  occurredAt: Date
}

/** What the log is, at the moment at which a position is held against it. */
export interface LogState {
  epoch: string
  /** Everything up to here was deleted, or is too old to be told. */
  keptAfter: Place
  /** When the event at the position's place was written; null where there is none. */
  writtenAt: Date | null
}

/** `expired`: events after the position were deleted. `restored`: the database is not the one that the position was read from. */
export type ResetReason = 'expired' | 'restored'

/**
 * Why a reader at the position cannot go on without a gap; null when it can. The event it stopped at must be there, written
 * at the same moment: a database set back to an older state gives the same numbers to other events.
 */
export function whyReset(position: EventPosition, log: LogState): ResetReason | null {
  if (position.epoch !== log.epoch) return 'restored'
  const order = compare(position, log.keptAfter)
  if (order < 0) return 'expired'
  if (order === 0) return null
  return position.writtenAt?.getTime() === log.writtenAt?.getTime() && log.writtenAt ? null : 'restored'
}

/** The position after which everything that is kept comes. */
export function oldestPosition({ epoch, keptAfter }: Pick<LogState, 'epoch' | 'keptAfter'>): EventPosition {
  return { epoch, ...keptAfter, writtenAt: null }
}

/** The position of a reader who has just read the event. */
export function positionOf(epoch: string, { transactionId, id, occurredAt }: RecordedEvent): EventPosition {
  return { epoch, transactionId, id, writtenAt: occurredAt }
}

function compare(one: Place, other: Place): number {
  return one.transactionId - other.transactionId || one.id - other.id
}

/** Whether one place comes after the other. */
export function isBeyond(one: Place, other: Place): boolean {
  return compare(one, other) > 0
}
