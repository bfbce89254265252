import type { ChannelSecret } from '../../application/channels/rotate-secret.ts'
import type { Actor } from '../../domain/actor.ts'
import type { Channel } from '../../domain/channel.ts'
import { publicId } from './ids.ts'
import type { ChannelBody, ChannelWithSecrets } from './schema/channels.ts'

/** Never a secret: those are told where they are made. What a webhook's URL carries is for whoever may change it. */
export function presentChannel(channel: Channel, actor: Pick<Actor, 'permissions'>): ChannelBody {
  const { number, kind, transport, name, status, customAppId, widgetKey } = channel
  const webhookUrl = actor.permissions.has('channel.write')
    ? channel.webhookUrl
    : originOf(channel.webhookUrl)
  return {
    id: publicId('channel', channel.id),
    ...{ number, kind, transport, name, status, customAppId, webhookUrl, widgetKey },
    groupId: channel.groupId && publicId('group', channel.groupId),
    defaultBotId: channel.defaultBotId && publicId('bot', channel.defaultBotId),
    metadata: channel.metadata,
    widget: channel.widget,
    retentionDays: channel.retentionDays,
    createdAt: channel.createdAt.toISOString(),
    updatedAt: channel.updatedAt.toISOString(),
  }
}

function originOf(url: string | null): string | null {
  return url === null ? null : (URL.parse(url)?.origin ?? null)
}

export function presentNewChannel(
  { channel, token }: { channel: Channel; token: string | null },
  actor: Actor,
): ChannelWithSecrets {
  const secretKey = channel.kind === 'webchat' ? channel.secretKey : null
  return { ...presentChannel(channel, actor), token, secretKey }
}

/** With the secret that was made anew. */
export function presentRotated(
  { channel, secret }: { channel: Channel; secret: string },
  what: ChannelSecret,
  actor: Actor,
): ChannelWithSecrets {
  const made = { token: null, secretKey: null, ...(what !== 'widgetKey' && { [what]: secret }) }
  return { ...presentChannel(channel, actor), ...made }
}
