import { createBatchQueue } from '../batches/batch-queue.ts'
import type { RunBatch } from '../ports/house.ts'
import type { ActedAppend, Appended } from './append.ts'
import { appendMessages } from './append-messages.ts'

const MOST_WAITING = 8192

/** Appends one message together with whatever else is being appended at the moment. `onBatch` hears how many share each commit. */
export function createAppendQueue(
  runBatch: RunBatch,
  onBatch: (messages: number) => void,
): (acted: ActedAppend) => Promise<Appended> {
  return createBatchQueue({
    commit: (acted) => runBatch(({ messages }) => appendMessages(messages, acted)),
    mostWaiting: MOST_WAITING,
    onBatch,
  })
}
