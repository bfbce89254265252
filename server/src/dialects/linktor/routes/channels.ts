import type { FastifyInstance } from 'fastify'
import { surveyChannels } from '../../../application/channels/read-channels.ts'
import type { Door } from '../../../application/ports/door.ts'
import { needs } from '../../../application/ports/policy.ts'
import { acceptChannelList } from '../accept-query.ts'
import { actorOf } from '../auth.ts'
import { presentChannels } from '../present-channels.ts'
import { ListChannelsQuery } from '../schema/queries.ts'
import { ChannelList } from '../schema/responses.ts'
import { documented } from './documented.ts'

export function channelRoutes(app: FastifyInstance, { house }: Door): void {
  const listed = documented('Channels', {
    summary: 'List channels',
    querystring: ListChannelsQuery,
    response: { 200: ChannelList },
  })
  app.get('/channels', { schema: listed, config: needs('channel.read') }, async (request) => {
    const { filter, page } = acceptChannelList(request.query)
    return presentChannels(await house.ask(surveyChannels, actorOf(request), filter), page)
  })
}
