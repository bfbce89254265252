import type { FastifyInstance } from 'fastify'
import { deleteBot } from '../../../application/bots/delete-bot.ts'
import { getBot, pageBots } from '../../../application/bots/read-bots.ts'
import { createBot, updateBot } from '../../../application/bots/write-bot.ts'
import type { Door } from '../../../application/ports/door.ts'
import { given, requiredText } from '../accept-fields.ts'
import { actorOf } from '../auth.ts'
import { holderRefOf, refOf } from '../ids.ts'
import { acceptPaging, keysetOf, presentList } from '../paging.ts'
import { presentBot } from '../present-bots.ts'
import { BotBody, CreateBotBody, DeleteBotQuery, UpdateBotBody } from '../schema/bots.ts'
import { Gone } from '../schema/fields.ts'
import { PageQuery, pageOf } from '../schema/paging.ts'
import { problems } from '../schema/responses.ts'

const tags = ['Bots']
const reading = { policy: { permission: 'bot.read' } } as const
const writing = { policy: { permission: 'bot.write' } } as const
const answers = { 200: BotBody, ...problems }

interface Named {
  Params: { id: string }
}

export function botRoutes(scope: FastifyInstance, { house }: Door): void {
  const list = { tags, summary: 'List bots', querystring: PageQuery }
  scope.get<{ Querystring: PageQuery }>(
    '/bots',
    { schema: { ...list, response: { 200: pageOf(BotBody), ...problems } }, config: reading },
    async (request) => {
      const actor = actorOf(request)
      const paging = acceptPaging({ list: 'bots', accountId: actor.accountId }, request.query)
      const bots = await house.ask(pageBots, actor, keysetOf(paging))
      return presentList(bots, paging, { nameOf: ({ number }) => number, present: presentBot })
    },
  )

  const get = { tags, summary: 'Get a bot', response: answers }
  scope.get<Named>('/bots/:id', { schema: get, config: reading }, async (request) =>
    presentBot(await house.ask(getBot, actorOf(request), { bot: refOf('bot', request.params.id) })),
  )

  const create = { tags, summary: 'Create a bot', body: CreateBotBody }
  scope.post<{ Body: CreateBotBody }>(
    '/bots',
    { schema: { ...create, response: { 201: BotBody, ...problems } }, config: writing },
    async (request, reply) => {
      const name = requiredText(request.body.name, 'name')
      return reply.code(201).send(presentBot(await house.act(createBot, actorOf(request), { name })))
    },
  )

  const update = { tags, summary: 'Change a bot', body: UpdateBotBody, response: answers }
  scope.patch<Named & { Body: UpdateBotBody }>(
    '/bots/:id',
    { schema: update, config: writing },
    async (request) => {
      const name = given('name', request.body.name, (text) => requiredText(text, 'name'))
      const input = { bot: refOf('bot', request.params.id), ...name }
      return presentBot(await house.act(updateBot, actorOf(request), input))
    },
  )

  const remove = {
    tags,
    summary: 'Delete a bot',
    description:
      'Its messages keep its name. 409 `in_use` while it handles conversations, unless `transferTo` gets them.',
    querystring: DeleteBotQuery,
    response: { 204: Gone, ...problems },
  }
  scope.delete<Named & { Querystring: DeleteBotQuery }>(
    '/bots/:id',
    { schema: remove, config: writing },
    async (request, reply) => {
      const bot = refOf('bot', request.params.id)
      const to = given('transferTo', request.query.transferTo, holderRefOf)
      await house.perform(deleteBot, actorOf(request), { bot, ...to })
      return reply.code(204).send()
    },
  )
}
