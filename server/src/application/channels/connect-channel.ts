import type { Actor } from '../../domain/actor.ts'
import type { Channel } from '../../domain/channel.ts'
import { refuse } from '../../domain/errors.ts'
import { allow } from '../../domain/permissions.ts'
import type { JsonObject, Ref } from '../../domain/ref.ts'
import { withDefaults, type WidgetSettings } from '../../domain/widget.ts'
import type { Tools } from '../ports/house.ts'
import type { Transaction } from '../ports/transaction.ts'
import { createChannel, ONLY_WEBCHAT, type CreateChannel } from './create-channel.ts'

/** Connects a channel for somebody outside. Refuses `invalid` for a webhook that nothing would be sent to. */
export async function connectChannel(
  tools: Tools,
  actor: Actor,
  input: CreateChannel,
): Promise<{ channel: Channel; token: string | null }> {
  allow(actor, 'channel.write')
  await mustBeReachable(tools, input.webhookUrl)
  return tools.act(createChannel, actor, input)
}

/** Absent stays, null clears; `metadata`, and each part of `widget`, is replaced as a whole. */
export interface UpdateChannel {
  channel: Ref
  name?: string
  webhookUrl?: string | null
  group?: Ref | null
  defaultBot?: Ref | null
  metadata?: JsonObject
  widget?: Partial<WidgetSettings>
}

/** Refuses `not_found` for the channel, group or bot, and `invalid` for a webhook as at connecting. */
export async function updateChannel(tools: Tools, actor: Actor, input: UpdateChannel): Promise<Channel> {
  allow(actor, 'channel.write')
  await mustBeReachable(tools, input.webhookUrl)
  return tools.act(saveChannel, actor, input)
}

async function mustBeReachable({ addresses }: Tools, url: string | null | undefined): Promise<void> {
  const why = url ? await addresses.whyNot(url) : null
  if (why !== null) refuse('invalid', { field: 'webhookUrl', reason: `webhookUrl: ${why}.` })
}

async function saveChannel(tx: Transaction, _actor: Actor, input: UpdateChannel): Promise<Channel> {
  const before = (await tx.channels.lock(input.channel)) ?? refuse('not_found', { what: 'channel' })
  const { name, webhookUrl, metadata } = input
  if (webhookUrl && before.transport !== 'custom_app')
    refuse('invalid', { field: 'webhookUrl', reason: 'Only a custom app has a webhookUrl.' })
  if (input.widget && !before.widget) refuse('invalid', { field: 'widget', reason: ONLY_WEBCHAT })
  const given = {
    ...(input.widget && { widget: { ...withDefaults(before.widget), ...input.widget } }),
    ...(name !== undefined && { name }),
    ...(webhookUrl !== undefined && { webhookUrl }),
    ...(metadata !== undefined && { metadata }),
    ...(input.group !== undefined && (await groupOf(tx, input.group))),
    ...(input.defaultBot !== undefined && { defaultBotId: await botOf(tx, input.defaultBot) }),
  }
  const changed = Object.keys(given).filter((field) => field !== 'groupNumber')
  if (changed.length === 0) return before
  const after: Channel = { ...before, ...given, updatedAt: tx.now }
  await tx.channels.save(after)
  await tx.record({ type: 'channel.updated', channelId: after.id, changed })
  return after
}

async function groupOf(tx: Transaction, ref: Ref | null): Promise<Pick<Channel, 'groupId' | 'groupNumber'>> {
  if (ref === null) return { groupId: null, groupNumber: null }
  const group = (await tx.groups.find(ref)) ?? refuse('not_found', { what: 'group' })
  return { groupId: group.id, groupNumber: group.number }
}

async function botOf(tx: Transaction, ref: Ref | null): Promise<string | null> {
  if (ref === null) return null
  return ((await tx.bots.find(ref)) ?? refuse('not_found', { what: 'bot' })).id
}
