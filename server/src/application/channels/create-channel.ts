import type { Actor } from '../../domain/actor.ts'
import type { Channel, ChannelKind, ChannelTransport } from '../../domain/channel.ts'
import { refuse } from '../../domain/errors.ts'
import { allow } from '../../domain/permissions.ts'
import type { JsonObject, Ref } from '../../domain/ref.ts'
import { withDefaults, type WidgetSettings } from '../../domain/widget.ts'
import type { Transaction } from '../ports/transaction.ts'

export interface CreateChannel {
  kind: ChannelKind
  name: string
  customAppId?: string
  webhookUrl?: string
  group?: Ref
  defaultBot?: Ref
  metadata?: JsonObject
  widget?: Partial<WidgetSettings>
}

export const ONLY_WEBCHAT = 'Only a web chat has a widget.'

function transportOf(kind: ChannelKind): ChannelTransport {
  if (kind === 'custom_app' || kind === 'webchat') return kind
  return 'sandbox'
}

/** Connects a channel. Its webhook was judged before: see `connectChannel`. A custom app gets a token, returned this once; a web chat is moved by its widget, every other kind by the sandbox. */
export async function createChannel(
  tx: Transaction,
  actor: Actor,
  input: CreateChannel,
): Promise<{ channel: Channel; token: string | null }> {
  allow(actor, 'channel.write')
  const isApp = input.kind === 'custom_app'
  if (isApp && !input.customAppId)
    refuse('missing', { field: 'customAppId', reason: 'A custom app has a customAppId.' })
  for (const field of ['customAppId', 'webhookUrl'] as const)
    if (!isApp && input[field] !== undefined)
      refuse('invalid', { field, reason: `Only a custom app has a ${field}.` })
  if (input.kind !== 'webchat' && input.widget) refuse('invalid', { field: 'widget', reason: ONLY_WEBCHAT })
  const group = input.group
    ? ((await tx.groups.find(input.group)) ?? refuse('not_found', { what: 'group' }))
    : null
  const bot = input.defaultBot
    ? ((await tx.bots.find(input.defaultBot)) ?? refuse('not_found', { what: 'bot' }))
    : null
  const token = isApp ? tx.ids.token(64) : null
  const channel = await tx.channels.insert(
    {
      id: tx.ids.next(),
      accountId: actor.accountId,
      kind: input.kind,
      transport: transportOf(input.kind),
      name: input.name,
      status: 'active',
      customAppId: input.customAppId ?? null,
      webhookUrl: input.webhookUrl ?? null,
      widgetKey: input.kind === 'webchat' ? tx.ids.token(32) : null,
      secretKey: tx.ids.token(32),
      groupId: group?.id ?? null,
      defaultBotId: bot?.id ?? null,
      metadata: input.metadata ?? {},
      widget: input.kind === 'webchat' ? withDefaults(input.widget ?? null) : null,
      retentionDays: null,
      createdAt: tx.now,
      updatedAt: tx.now,
    },
    token,
  )
  await tx.record({ type: 'channel.created', channelId: channel.id })
  return { channel, token }
}
