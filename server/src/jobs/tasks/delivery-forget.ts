/** Every hour, apart from the other hourly ones; one process does it, however many there are. */
export const EVERY_HOUR_AT_41 = { task: 'delivery.forget', match: '41 * * * *' }

/** `delivery.forget`: deletes what webhooks were told that is older than it is kept, and what is left of webhooks that are gone. */
export function createDeliveryForget(forgetDeliveries: () => Promise<void>) {
  return async (): Promise<void> => forgetDeliveries()
}
