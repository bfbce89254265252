import { createBatchQueue } from '../batches/batch-queue.ts'
import type { RunBatch } from '../ports/house.ts'
import type { DispatchTurn, TurnTaken } from './take-turns.ts'
import { takeTurns } from './take-turns.ts'

const MOST_WAITING = 8192

/** Takes one conversation's turn together with whatever other turns are being taken at the moment. */
export function createTurnQueue(runBatch: RunBatch): (turn: DispatchTurn) => Promise<TurnTaken> {
  return createBatchQueue({
    commit: (turns) => runBatch(({ dispatches }) => takeTurns(dispatches, turns)),
    mostWaiting: MOST_WAITING,
  })
}
