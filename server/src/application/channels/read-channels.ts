import type { Actor } from '../../domain/actor.ts'
import type { Channel } from '../../domain/channel.ts'
import { refuse } from '../../domain/errors.ts'
import { allow } from '../../domain/permissions.ts'
import type { Ref } from '../../domain/ref.ts'
import type { ChannelReader, ChannelTraffic, Keyset, Reader } from '../ports/reader.ts'

/** Refuses `not_found`. */
export async function getChannel(reader: Reader, actor: Actor, input: { channel: Ref }): Promise<Channel> {
  allow(actor, 'channel.read')
  return (await reader.channels.find(input.channel)) ?? refuse('not_found', { what: 'channel' })
}

/** A page by number. */
export async function pageChannels(reader: Reader, actor: Actor, keyset: Keyset): Promise<Channel[]> {
  allow(actor, 'channel.read')
  return reader.channels.page(keyset)
}

/** A numbered page of what matches, and how many match in all. */
export async function listChannels(
  reader: Reader,
  actor: Actor,
  filter: Parameters<ChannelReader['list']>[0],
): Promise<{ channels: Channel[]; total: number }> {
  allow(actor, 'channel.read')
  return reader.channels.list(filter)
}

const DAY_MS = 86_400_000

/** The same with what went through each channel in the last 24 hours. */
export async function surveyChannels(
  reader: Reader,
  actor: Actor,
  filter: Parameters<ChannelReader['list']>[0],
): Promise<{ channels: Channel[]; traffic: Map<string, ChannelTraffic>; total: number }> {
  const listed = await listChannels(reader, actor, filter)
  const since = new Date(reader.now.getTime() - DAY_MS)
  const ids = listed.channels.map((channel) => channel.id)
  return { ...listed, traffic: await reader.channels.traffic(ids, since) }
}
