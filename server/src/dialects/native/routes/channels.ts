import type { FastifyInstance } from 'fastify'
import { connectChannel, updateChannel } from '../../../application/channels/connect-channel.ts'
import { getChannel, pageChannels } from '../../../application/channels/read-channels.ts'
import { removeChannel } from '../../../application/channels/remove-channel.ts'
import { rotateSecret } from '../../../application/channels/rotate-secret.ts'
import { switchChannel } from '../../../application/channels/switch-channel.ts'
import type { Door } from '../../../application/ports/door.ts'
import { acceptCreateChannel, acceptUpdateChannel } from '../accept-channels.ts'
import { actorOf } from '../auth.ts'
import { refOf } from '../ids.ts'
import { acceptPaging, keysetOf, presentList } from '../paging.ts'
import { presentChannel, presentNewChannel, presentRotated } from '../present-channels.ts'
import {
  ChannelBody,
  ChannelWithSecrets,
  CreateChannelBody,
  RemoveChannelQuery,
  RotateBody,
  UpdateChannelBody,
} from '../schema/channels.ts'
import { Gone, NoBody } from '../schema/fields.ts'
import { PageQuery, pageOf } from '../schema/paging.ts'
import { problems } from '../schema/responses.ts'

const tags = ['Channels']
const reading = { policy: { permission: 'channel.read' } } as const
const writing = { policy: { permission: 'channel.write' } } as const
const answers = { 200: ChannelBody, ...problems }

interface Named {
  Params: { id: string }
}

export function channelRoutes(scope: FastifyInstance, { house }: Door): void {
  const list = { tags, summary: 'List channels', querystring: PageQuery }
  scope.get<{ Querystring: PageQuery }>(
    '/channels',
    { schema: { ...list, response: { 200: pageOf(ChannelBody), ...problems } }, config: reading },
    async (request) => {
      const actor = actorOf(request)
      const paging = acceptPaging({ list: 'channels', accountId: actor.accountId }, request.query)
      const channels = await house.ask(pageChannels, actor, keysetOf(paging))
      return presentList(channels, paging, {
        nameOf: ({ number }) => number,
        present: (channel) => presentChannel(channel, actor),
      })
    },
  )

  const get = { tags, summary: 'Get a channel', response: answers }
  scope.get<Named>('/channels/:id', { schema: get, config: reading }, async (request) => {
    const actor = actorOf(request)
    const channel = refOf('channel', request.params.id)
    return presentChannel(await house.ask(getChannel, actor, { channel }), actor)
  })

  const create = {
    tags,
    summary: 'Connect a channel',
    description: 'A custom app’s token and a web chat’s signing secret are shown this once.',
    body: CreateChannelBody,
    response: { 201: ChannelWithSecrets, ...problems },
  }
  scope.post<{ Body: CreateChannelBody }>(
    '/channels',
    { schema: create, config: writing },
    async (request, reply) => {
      const input = acceptCreateChannel(request.body)
      const actor = actorOf(request)
      const made = await house.perform(connectChannel, actor, input)
      return reply.code(201).send(presentNewChannel(made, actor))
    },
  )

  const update = { tags, summary: 'Change a channel', body: UpdateChannelBody, response: answers }
  scope.patch<Named & { Body: UpdateChannelBody }>(
    '/channels/:id',
    { schema: update, config: writing },
    async (request) => {
      const input = acceptUpdateChannel(request.params.id, request.body)
      const actor = actorOf(request)
      return presentChannel(await house.perform(updateChannel, actor, input), actor)
    },
  )

  deedRoutes(scope, { house })

  const remove = {
    tags,
    summary: 'Remove a channel',
    description:
      'Its conversations stay to be read, closed; nothing comes in or goes out any more. 409 `in_use` while some are not closed, ' +
      'unless `force` closes them. Its token, keys and custom app id are free at once.',
    querystring: RemoveChannelQuery,
    response: { 204: Gone, ...problems },
  }
  scope.delete<Named & { Querystring: RemoveChannelQuery }>(
    '/channels/:id',
    { schema: remove, config: writing },
    async (request, reply) => {
      const channel = refOf('channel', request.params.id)
      const isForced = request.query.force === 'true'
      await house.perform(removeChannel, actorOf(request), { channel, isForced })
      return reply.code(204).send()
    },
  )
}

function deedRoutes(scope: FastifyInstance, { house }: Pick<Door, 'house'>): void {
  const rotate = {
    tags,
    summary: 'Make a channel’s token, secret or key anew',
    description: 'The new one is shown this once; the old one is dead at once.',
    body: RotateBody,
    response: { 200: ChannelWithSecrets, ...problems },
  }
  scope.post<Named & { Body: RotateBody }>(
    '/channels/:id/rotate',
    { schema: rotate, config: writing },
    async (request) => {
      const { what } = request.body
      const input = { channel: refOf('channel', request.params.id), what }
      const actor = actorOf(request)
      return presentRotated(await house.act(rotateSecret, actor, input), what, actor)
    },
  )

  for (const [verb, to] of [
    ['activate', 'active'],
    ['deactivate', 'inactive'],
  ] as const) {
    const turn = {
      tags,
      summary: to === 'active' ? 'Switch a channel on' : 'Switch a channel off',
      ...(to === 'inactive' && {
        description: 'Nothing comes in or goes out until it is active again; what waited to go out fails.',
      }),
      body: NoBody,
      response: answers,
    }
    scope.post<Named>(`/channels/:id/${verb}`, { schema: turn, config: writing }, async (request) => {
      const channel = refOf('channel', request.params.id)
      const actor = actorOf(request)
      return presentChannel(await house.act(switchChannel, actor, { channel, to }), actor)
    })
  }
}
