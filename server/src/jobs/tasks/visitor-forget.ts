/** Once a day, when little goes on. */
export const EVERY_NIGHT = { task: 'visitor.forget', match: '47 3 * * *' }

/** `visitor.forget`: ends the sessions of visitors whom nobody has seen for long. */
export function createVisitorForget(forgetVisitors: () => Promise<void>) {
  return async (): Promise<void> => forgetVisitors()
}
