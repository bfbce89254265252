import type { House } from '../../application/ports/house.ts'
import { expireMessages } from '../../application/retention/expire-messages.ts'
import { systemOf } from '../payload.ts'

/** Every hour; one process does it, however many there are. */
export const EVERY_HOUR_LATER = { task: 'message.expire', match: '37 * * * *' }

/** `message.expire`: deletes what is older than its channel keeps, channel by channel, a piece in each transaction. */
export function createMessageExpire(
  house: House,
  findRetaining: () => Promise<{ accountId: string; channelId: string }[]>,
) {
  return async (): Promise<void> => {
    for (const { accountId, channelId } of await findRetaining())
      while ((await house.act(expireMessages, systemOf(accountId), { channelId })).hasMore) continue
  }
}
