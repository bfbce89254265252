import type { DomainEvent } from '../../domain/events.ts'
import type { MessageStatus } from '../../domain/message.ts'
import { canAdvance } from '../../domain/message.ts'
import type { SendOutcome } from '../ports/channel-adapter.ts'
import type { ConversationKey, DispatchLedger, Leased } from '../ports/dispatch-ledger.ts'

/** How long one attempt may hold a message; longer than any transport's own time limit. */
const LEASE_MS = 30_000

/** Pauses after failed attempts, in seconds; after the last one the message has failed. About 15 hours in all. */
const PAUSES = [5, 30, 60, 300, 900, 1800, 3600, 7200, 14_400, 28_800]

/** What became of a message. */
export interface Done {
  messageId: string
  seq: number
  /** Failed attempts before the one it tells of. */
  attempts: number
  outcome: SendOutcome
}

/** One conversation asks for its next message, and says what became of the one before. */
export interface DispatchTurn extends ConversationKey {
  /** Who dispatches; the same holder may go on, another waits. */
  holder: string
  done: Done | null
}

/** What a turn is given: the next message with everything its transport needs; null when there is none to send now. */
export interface TurnTaken {
  next: Leased | null
}

/**
 * Writes down what became of many messages and hands out the next ones, in a few statements. Of each conversation one
 * message is out at a time, in order; a failed one holds the rest until it succeeds or is given up.
 */
export async function takeTurns(ledger: DispatchLedger, turns: DispatchTurn[]): Promise<TurnTaken[]> {
  const done = turns.flatMap((turn) => (turn.done ? [{ ...turn, ...turn.done }] : []))
  await recordOutcomes(ledger, done)
  const claimed = await ledger.claim(turns, LEASE_MS)
  // Should the holder die at it, somebody looks again when its lease has run out.
  const held = turns.filter((_, index) => claimed[index] === 'held')
  await ledger.lookAgain(held.map((turn) => ({ ...turn, delayMs: LEASE_MS })))
  return claimed.map((next) => ({ next: next !== undefined && typeof next === 'object' ? next : null }))
}

type DoneTurn = ConversationKey & Done

/** Steps forward, a later attempt, or failure. */
async function recordOutcomes(ledger: DispatchLedger, done: DoneTurn[]): Promise<void> {
  if (done.length === 0) return
  const standing = await ledger.lockStatuses(done)
  const put = { settled: [] as DoneTurn[], deferred: [] as (DoneTurn & { error: string; retryAt: Date })[] }
  const steps: (DoneTurn & Steps)[] = []
  for (const [index, turn] of done.entries()) {
    const status = standing[index]
    if (!status) continue
    const retryAt = retryOf(turn, ledger.now)
    if (retryAt !== null && turn.outcome.kind === 'deferred')
      put.deferred.push({ ...turn, error: turn.outcome.reason, retryAt })
    else {
      put.settled.push(turn)
      const taken = stepsOf(status, turn.outcome)
      if (taken.statuses.length > 0) steps.push({ ...turn, ...taken })
    }
  }
  await ledger.advance(steps)
  await ledger.record(steps.map(eventOf))
  await ledger.settle(put.settled)
  await ledger.defer(put.deferred)
  await ledger.lookAgain(
    put.deferred.map(({ retryAt, ...turn }) => ({
      ...turn,
      delayMs: retryAt.getTime() - ledger.now.getTime(),
    })),
  )
}

function retryOf({ attempts, outcome }: Done, now: Date): Date | null {
  const pause = PAUSES[attempts]
  if (outcome.kind !== 'deferred' || pause === undefined) return null
  return new Date(now.getTime() + pause * 1000)
}

interface Steps {
  statuses: MessageStatus[]
  error: string | null
  providerMessageId: string | null
}

function stepsOf(from: MessageStatus, outcome: SendOutcome): Steps {
  if (outcome.kind !== 'sent')
    return { statuses: reachable(from, ['failed']), error: outcome.reason, providerMessageId: null }
  const { statuses, providerMessageId } = outcome
  return { statuses: reachable(from, statuses), error: null, providerMessageId }
}

/** The statuses that are steps forward, each from the one before it. */
function reachable(from: MessageStatus, statuses: MessageStatus[]): MessageStatus[] {
  let current = from
  return statuses.filter((status) => {
    if (!canAdvance(current, status)) return false
    current = status
    return true
  })
}

function eventOf({ accountId, conversationId, messageId, statuses, error }: DoneTurn & Steps) {
  const status = statuses.at(-1) ?? 'sent'
  const event: DomainEvent = { type: 'message.advanced', conversationId, messageId, status, statuses, error }
  return { accountId, event, isSilent: false }
}
