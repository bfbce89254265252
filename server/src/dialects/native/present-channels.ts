import type { ChannelSecret } from '../../application/channels/rotate-secret.ts'
import type { Channel } from '../../domain/channel.ts'
import { publicId } from './ids.ts'
import type { ChannelBody, ChannelWithSecrets } from './schema/channels.ts'

/** Never a secret: those are told where they are made. */
export function presentChannel(channel: Channel): ChannelBody {
  const { number, kind, transport, name, status, customAppId, webhookUrl, widgetKey } = channel
  return {
    id: publicId('channel', channel.id),
    ...{ number, kind, transport, name, status, customAppId, webhookUrl, widgetKey },
    groupId: channel.groupId && publicId('group', channel.groupId),
    defaultBotId: channel.defaultBotId && publicId('bot', channel.defaultBotId),
    metadata: channel.metadata,
    retentionDays: channel.retentionDays,
    createdAt: channel.createdAt.toISOString(),
    updatedAt: channel.updatedAt.toISOString(),
  }
}

export function presentNewChannel({
  channel,
  token,
}: {
  channel: Channel
  token: string | null
}): ChannelWithSecrets {
  const secretKey = channel.kind === 'webchat' ? channel.secretKey : null
  return { ...presentChannel(channel), token, secretKey }
}

export function presentRotated(channel: Channel, what: ChannelSecret, secret: string): ChannelWithSecrets {
  const made = { token: null, secretKey: null, ...(what !== 'widgetKey' && { [what]: secret }) }
  return { ...presentChannel(channel), ...made }
}
