import { DomainError, refuse } from '../../domain/errors.ts'

interface Waiting<Item, Output> {
  item: Item
  settle(outcome: Output | DomainError): void
  fail(error: unknown): void
}

export interface BatchQueueParts<Item, Output> {
  /** Does the whole batch in one transaction: an outcome for each item, in order, refusals among them as values. */
  commit(items: Item[]): Promise<(Output | DomainError)[]>
  /** Past this many waiting items the queue refuses `overloaded` at once: a full queue only makes everybody late. */
  mostWaiting: number
  /** Hears how many share each commit. */
  onBatch?(size: number): void
}

/**
 * Joins calls into batches: while one commit is under way the next batch gathers, so many items share one transaction and
 * one fsync, and nobody waits for more than one commit before their own.
 */
export function createBatchQueue<Item, Output>(
  parts: BatchQueueParts<Item, Output>,
): (item: Item) => Promise<Output> {
  let waiting: Waiting<Item, Output>[] = []
  let isRunning = false

  async function commit(batch: Waiting<Item, Output>[]): Promise<void> {
    const outcomes = await parts.commit(batch.map(({ item }) => item))
    for (const [index, { settle, fail }] of batch.entries()) {
      const outcome = outcomes[index]
      if (outcome === undefined) fail(new Error('An item of a batch had no outcome.'))
      else settle(outcome)
    }
  }

  /**
   * What the database refuses as a whole is tried one by one, so that one bad item fails alone. A refusal that is none of
   * the database's is not: a lost connection leaves open whether the batch is committed, and trying again could double it.
   */
  async function recover(batch: Waiting<Item, Output>[], error: unknown): Promise<void> {
    if (batch.length === 1 || error instanceof DomainError) for (const { fail } of batch) fail(error)
    else for (const item of batch) await commit([item]).catch((reason: unknown) => item.fail(reason))
  }

  async function drain(): Promise<void> {
    isRunning = true
    while (waiting.length > 0) {
      const batch = waiting
      waiting = []
      parts.onBatch?.(batch.length)
      await commit(batch).catch((error: unknown) => recover(batch, error))
    }
    isRunning = false
  }

  return (item) => {
    if (waiting.length >= parts.mostWaiting) refuse('overloaded', { reason: 'too much is waiting' })
    return new Promise<Output>((resolve, reject) => {
      const settle = (outcome: Output | DomainError) =>
        outcome instanceof DomainError ? reject(outcome) : resolve(outcome)
      waiting.push({ item, settle, fail: reject })
      if (!isRunning) void drain()
    })
  }
}
