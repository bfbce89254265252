/** Every hour; one process does it, however many there are. */
export const EVERY_HOUR = { task: 'event.expire', match: '17 * * * *' }

/** `event.expire`: deletes the events that are older than the log is kept. */
export function createEventExpire(expireEvents: () => Promise<void>) {
  return async (): Promise<void> => expireEvents()
}
