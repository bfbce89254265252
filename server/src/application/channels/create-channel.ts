import type { Actor } from '../../domain/actor.ts'
import type { Channel, ChannelKind, ChannelTransport } from '../../domain/channel.ts'
import { refuse } from '../../domain/errors.ts'
import type { Ref } from '../../domain/ref.ts'
import type { Transaction } from '../ports/transaction.ts'

export interface CreateChannel {
  kind: ChannelKind
  name: string
  customAppId?: string
  webhookUrl?: string
  group?: Ref
}

/** Connects a channel. A custom app gets a token, returned this once; every other kind is moved by the sandbox. */
export async function createChannel(
  tx: Transaction,
  actor: Actor,
  input: CreateChannel,
): Promise<{ channel: Channel; token: string | null }> {
  const isApp = input.kind === 'custom_app'
  if (isApp && !input.customAppId) refuse('missing', { field: 'customAppId' })
  const transport: ChannelTransport = isApp ? 'custom_app' : 'sandbox'
  const group = input.group
    ? ((await tx.groups.find(input.group)) ?? refuse('not_found', { what: 'group' }))
    : null
  const token = isApp ? tx.ids.token(64) : null
  const channel = await tx.channels.insert(
    {
      id: tx.ids.next(),
      accountId: actor.accountId,
      kind: input.kind,
      transport,
      name: input.name,
      status: 'active',
      customAppId: input.customAppId ?? null,
      webhookUrl: input.webhookUrl ?? null,
      widgetKey: input.kind === 'webchat' ? tx.ids.token(32) : null,
      secretKey: tx.ids.token(32),
      groupId: group?.id ?? null,
      defaultBotId: null,
      metadata: {},
      retentionDays: null,
      createdAt: tx.now,
      updatedAt: tx.now,
    },
    token,
  )
  await tx.record({ type: 'channel.created', channelId: channel.id })
  return { channel, token }
}
