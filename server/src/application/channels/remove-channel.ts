import type { Actor } from '../../domain/actor.ts'
import { refuse } from '../../domain/errors.ts'
import { allow } from '../../domain/permissions.ts'
import type { Ref } from '../../domain/ref.ts'
import { actingOperator, asDoer } from '../conversations/doer.ts'
import { closeWithEpisode } from '../conversations/episodes.ts'
import type { Tools } from '../ports/house.ts'
import type { Transaction } from '../ports/transaction.ts'
import { switchChannel } from './switch-channel.ts'

/** So many conversations are closed in one transaction. */
const STEP = 200

interface RemoveChannel {
  channel: Ref
  /** Closes the conversations that are not closed; without it they refuse the removal. */
  isForced: boolean
}

/**
 * Takes a channel out of the account. Its conversations stay to be read, closed. Refuses `in_use` while some are not and it is not
 * forced; forced it is switched off first, so that a removal which is cut short can be done again.
 */
export async function removeChannel(tools: Tools, actor: Actor, input: RemoveChannel): Promise<void> {
  allow(actor, 'channel.write')
  if (input.isForced) {
    await tools.act(switchChannel, actor, { channel: input.channel, to: 'inactive' })
    while ((await tools.act(closeSome, actor, input.channel)) > 0);
  }
  await tools.act(removeQuiet, actor, input.channel)
}

async function closeSome(tx: Transaction, actor: Actor, ref: Ref): Promise<number> {
  const channel = (await tx.channels.find(ref)) ?? refuse('not_found', { what: 'channel' })
  const active = await tx.conversations.lockActive({ channelId: channel.id }, STEP)
  const by = asDoer(await actingOperator(tx, actor))
  const closure = { by, reason: 'the channel was removed', resolution: null }
  for (const conversation of active) await closeWithEpisode(tx, conversation, closure, false)
  return active.length
}

/** The lock waits for whoever is opening a conversation on it. */
async function removeQuiet(tx: Transaction, _actor: Actor, ref: Ref): Promise<void> {
  const channel = (await tx.channels.lock(ref)) ?? refuse('not_found', { what: 'channel' })
  const [active] = await tx.conversations.lockActive({ channelId: channel.id }, 1)
  if (active)
    refuse('in_use', { what: 'channel', reason: 'The channel has conversations that are not closed.' })
  await tx.channels.remove(channel.id)
  await tx.record({ type: 'channel.deleted', channelId: channel.id })
}
