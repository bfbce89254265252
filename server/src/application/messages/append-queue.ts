import { DomainError, refuse } from '../../domain/errors.ts'
import type { Outcome, RunBatch } from '../ports/house.ts'
import type { ActedAppend, Appended } from './append.ts'
import { appendMessages } from './append-messages.ts'

interface Waiting {
  acted: ActedAppend
  settle(outcome: Outcome): void
  fail(error: unknown): void
}

/** Past this many waiting appends the queue refuses `overloaded` at once: a full queue only makes everybody late. */
const MOST_WAITING = 8192

/**
 * Joins appends into batches: while one commit is under way the next batch gathers, so many messages share one
 * transaction and one fsync, and nobody waits for more than one commit before their own.
 */
export function createAppendQueue(runBatch: RunBatch): (acted: ActedAppend) => Promise<Appended> {
  let waiting: Waiting[] = []
  let isRunning = false

  async function commit(batch: Waiting[]): Promise<void> {
    const outcomes = await runBatch((ledger) =>
      appendMessages(
        ledger,
        batch.map(({ acted }) => acted),
      ),
    )
    for (const [index, item] of batch.entries()) {
      const outcome = outcomes[index]
      if (outcome) item.settle(outcome)
    }
  }

  /**
   * What the database refuses as a whole is tried one by one, so that one bad item fails alone. Not so when the database
   * was lost on the way: the commit may have taken place, and a message without a key would be there twice.
   */
  async function commitApart(batch: Waiting[], cause: unknown): Promise<void> {
    if (batch.length === 1 || isLost(cause)) return batch.forEach((item) => item.fail(cause))
    for (const item of batch) await commit([item]).catch((error: unknown) => item.fail(error))
  }

  async function drain(): Promise<void> {
    isRunning = true
    while (waiting.length > 0) {
      const batch = waiting
      waiting = []
      await commit(batch).catch((error: unknown) => commitApart(batch, error))
    }
    isRunning = false
  }

  return (acted) => {
    if (waiting.length >= MOST_WAITING) refuse('overloaded', { reason: 'too many messages are waiting' })
    return new Promise<Appended>((resolve, reject) => {
      const settle = (outcome: Outcome) =>
        outcome instanceof DomainError ? reject(outcome) : resolve(outcome)
      waiting.push({ acted, settle, fail: reject })
      if (!isRunning) void drain()
    })
  }
}

/** The database did not answer: nobody knows what it has done. */
function isLost(error: unknown): boolean {
  return error instanceof DomainError && error.code === 'overloaded'
}
