import type { ChannelTraffic } from '../../application/ports/reader.ts'
import type { Channel } from '../../domain/channel.ts'
import type { Page } from './accept-query.ts'
import { writeId } from './ids.ts'
import { presentPages, TYPES } from './present-refs.ts'
import { writeTime } from './time.ts'

export function presentChannels(
  found: { channels: Channel[]; traffic: Map<string, ChannelTraffic>; total: number },
  page: Page,
) {
  const data = found.channels.map((channel) => {
    const traffic = found.traffic.get(channel.id)
    return {
      id: writeId('channel', channel.id),
      type: 'channel',
      attributes: {
        name: channel.name,
        channelType: TYPES[channel.kind],
        status: channel.status,
        config: {},
        stats: {
          messagesReceived24h: traffic?.received ?? 0,
          messagesSent24h: traffic?.sent ?? 0,
          activeConversations: traffic?.activeConversations ?? 0,
        },
        webhookUrl: channel.webhookUrl ?? undefined,
        createdAt: writeTime(channel.createdAt),
        updatedAt: writeTime(channel.updatedAt),
      },
    }
  })
  return { data, meta: presentPages(page, found.total) }
}
