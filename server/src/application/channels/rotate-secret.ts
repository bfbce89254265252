import type { Actor } from '../../domain/actor.ts'
import type { Channel } from '../../domain/channel.ts'
import { refuse } from '../../domain/errors.ts'
import { allow } from '../../domain/permissions.ts'
import type { Ref } from '../../domain/ref.ts'
import type { Transaction } from '../ports/transaction.ts'

/** What a channel has that can leak: a custom app's token, a web chat's signing secret, and its public key. */
export const CHANNEL_SECRETS = ['token', 'secretKey', 'widgetKey'] as const
export type ChannelSecret = (typeof CHANNEL_SECRETS)[number]

const LENGTHS = { token: 64, secretKey: 32, widgetKey: 32 } satisfies Record<ChannelSecret, number>

/** Makes one of a channel's secrets anew and returns it this once; the old one is dead from the commit on. */
export async function rotateSecret(
  tx: Transaction,
  actor: Actor,
  { channel: ref, what }: { channel: Ref; what: ChannelSecret },
): Promise<{ channel: Channel; secret: string }> {
  allow(actor, 'channel.write')
  const before = (await tx.channels.lock(ref)) ?? refuse('not_found', { what: 'channel' })
  const kind = what === 'token' ? 'custom_app' : 'webchat'
  if (before.kind !== kind)
    refuse('invalid', { field: 'what', reason: `A ${before.kind} channel has no ${what}.` })
  const secret = tx.ids.token(LENGTHS[what])
  if (what === 'token') await tx.channels.replaceToken(before.id, secret)
  // Whoever was vouched for by a key that may have leaked is asked again.
  if (what === 'secretKey') await tx.visitors.endOfChannel(before.id, 'verified')
  const after: Channel = { ...before, ...(what !== 'token' && { [what]: secret }), updatedAt: tx.now }
  await tx.channels.save(after)
  await tx.record({ type: 'channel.updated', channelId: after.id, changed: [what] })
  return { channel: after, secret }
}
