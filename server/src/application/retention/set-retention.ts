import type { Actor } from '../../domain/actor.ts'
import type { Channel } from '../../domain/channel.ts'
import { refuse } from '../../domain/errors.ts'
import { allow, allowEverywhere } from '../../domain/permissions.ts'
import type { Ref } from '../../domain/ref.ts'
import type { ExpiryPreview, Reader } from '../ports/reader.ts'
import type { Transaction } from '../ports/transaction.ts'
import { expiryOf } from './expire-messages.ts'

/** `days` null keeps messages for good. */
export interface SetRetention {
  channel: Ref
  days: number | null
}

/** Says how long a channel keeps its messages. What is older goes with the next run, every hour. */
export async function setRetention(tx: Transaction, actor: Actor, input: SetRetention): Promise<Channel> {
  allow(actor, 'channel.write')
  const channel = (await tx.channels.lock(input.channel)) ?? refuse('not_found', { what: 'channel' })
  allowEverywhere(actor)
  if (channel.retentionDays === input.days) return channel
  const changed = { ...channel, retentionDays: input.days, updatedAt: tx.now }
  await tx.channels.save(changed)
  await tx.record({ type: 'channel.updated', channelId: channel.id, changed: ['retentionDays'] })
  return changed
}

/** What a channel would lose if it kept its messages for so many days; what it keeps them for now, by default. */
export async function previewRetention(
  reader: Reader,
  actor: Actor,
  input: { channel: Ref; days?: number },
): Promise<{ channel: Channel; days: number | null; before: Date | null; expiry: ExpiryPreview }> {
  allow(actor, 'channel.write')
  const channel = (await reader.channels.find(input.channel)) ?? refuse('not_found', { what: 'channel' })
  allowEverywhere(actor)
  const days = input.days ?? channel.retentionDays
  const before = expiryOf({ retentionDays: days }, reader.now)
  const nothing = { messages: 0, files: 0, conversations: 0, oldestAt: null }
  const expiry = before ? await reader.channels.previewExpiry(channel.id, before) : nothing
  return { channel, days, before, expiry }
}
