/** Every minute; one process does it, however many there are. */
export const EVERY_MINUTE = { task: 'overdue.enqueue', match: '* * * * *' }

/** `overdue.enqueue`: has done what a job should have done and did not. */
export function createOverdueEnqueue(enqueueOverdue: () => Promise<void>) {
  return async (): Promise<void> => enqueueOverdue()
}
