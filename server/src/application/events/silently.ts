import type { Transaction } from '../ports/transaction.ts'

/** The same transaction, with nothing it records told by the webhooks that heed silence. What is appended says so by itself. */
export function silently(tx: Transaction, isSilent: boolean): Transaction {
  if (!isSilent) return tx
  const record = (event: Parameters<Transaction['record']>[0]) => tx.record(event, true)
  return {
    ...tx,
    record,
    recordAll: async (events) => {
      for (const event of events) await record(event)
    },
  }
}
