import type { Actor } from '../../domain/actor.ts'
import type { Channel } from '../../domain/channel.ts'
import { refuse } from '../../domain/errors.ts'
import { allow } from '../../domain/permissions.ts'
import type { Ref } from '../../domain/ref.ts'
import type { Transaction } from '../ports/transaction.ts'

/** Switches a channel on or off. Off, it takes nothing in and lets nothing out; what waited for its transport fails. */
export async function switchChannel(
  tx: Transaction,
  actor: Actor,
  { channel: ref, to: status }: { channel: Ref; to: 'active' | 'inactive' },
): Promise<Channel> {
  allow(actor, 'channel.write')
  const before = (await tx.channels.lock(ref)) ?? refuse('not_found', { what: 'channel' })
  if (before.status === status) return before
  const after: Channel = { ...before, status, updatedAt: tx.now }
  await tx.channels.save(after)
  await tx.record({ type: 'channel.updated', channelId: after.id, changed: ['status'], status })
  return after
}
