import type { FastifyInstance } from 'fastify'
import type { Door } from '../../../application/ports/door.ts'
import { needs } from '../../../application/ports/policy.ts'
import { getDelivery, listDeliveries } from '../../../application/webhooks/read-webhooks.ts'
import { replayWebhook } from '../../../application/webhooks/replay-webhook.ts'
import { testWebhook } from '../../../application/webhooks/try-webhook.ts'
import { requiredText, given } from '../accept-fields.ts'
import { idOf } from '../accept-people.ts'
import { acceptReplay } from '../accept-webhooks.ts'
import { actorOf } from '../auth.ts'
import { acceptPaging, presentList } from '../paging.ts'
import { presentDelivery, presentDeliveryInFull } from '../present-webhook-deliveries.ts'
import { NoBody } from '../schema/fields.ts'
import { pageOf } from '../schema/paging.ts'
import { problems } from '../schema/responses.ts'
import * as wire from '../schema/webhook-deliveries.ts'

const tags = ['Webhooks']

interface Named {
  Params: { id: string }
}

/** What was told to a webhook, and telling it again. */
export function deliveryRoutes(scope: FastifyInstance, door: Door): void {
  const { house } = door
  const list = {
    tags,
    summary: 'List a webhook’s deliveries, newest first',
    querystring: wire.DeliveryListQuery,
    response: { 200: pageOf(wire.DeliveryBody), ...problems },
  }
  scope.get<Named & { Querystring: wire.DeliveryListQuery }>(
    '/webhooks/:id/deliveries',
    { schema: list, config: needs('webhook.read') },
    async (request) => {
      const actor = actorOf(request)
      const { status, event, ...page } = request.query
      const webhookId = idOf('webhook', request.params.id)
      const named = { list: `deliveries of ${webhookId}`, accountId: actor.accountId }
      const paging = acceptPaging(named, page)
      const filters = { status, ...given('event', event, (text) => requiredText(text, 'event')) }
      const query = { webhookId, ...filters, after: paging.after, limit: paging.limit + 1 }
      const deliveries = await house.ask(listDeliveries, actor, query)
      return presentList(deliveries, paging, { nameOf: ({ number }) => number, present: presentDelivery })
    },
  )

  const get = {
    tags,
    summary: 'Get a delivery with its body and its tries',
    response: { 200: wire.DeliveryInFull, ...problems },
  }
  scope.get<{ Params: { id: string; deliveryId: string } }>(
    '/webhooks/:id/deliveries/:deliveryId',
    { schema: get, config: needs('webhook.read') },
    async (request) => {
      const { id, deliveryId } = request.params
      const input = { webhookId: idOf('webhook', id), deliveryId: idOf('delivery', deliveryId) }
      const actor = actorOf(request)
      return presentDeliveryInFull(await house.ask(getDelivery, actor, input), actor)
    },
  )

  againRoutes(scope, door)
}

function againRoutes(scope: FastifyInstance, { house }: Door): void {
  const config = needs('webhook.write')
  const test = {
    tags,
    summary: 'Send a test, and wait for the answer',
    description:
      'Once, active or not: `webhook.test` to a native one, a test of its own to others. What came of it is in the answer, a failure too.',
    body: NoBody,
    response: { 200: wire.DeliveryInFull, ...problems },
  }
  scope.post<Named>('/webhooks/:id/test', { schema: test, config }, async (request) => {
    const actor = actorOf(request)
    const tested = await house.perform(testWebhook, actor, { webhookId: idOf('webhook', request.params.id) })
    return presentDeliveryInFull(tested.delivery, actor)
  })

  const replay = {
    tags,
    summary: 'Have deliveries told again',
    description:
      'With the ids and bodies they had, signed anew, from the beginning of their schedule. While the webhook is not active they wait.',
    body: wire.ReplayBody,
    response: { 202: wire.Replayed, ...problems },
  }
  scope.post<Named & { Body: wire.ReplayBody }>(
    '/webhooks/:id/replay',
    { schema: replay, config },
    async (request, reply) => {
      const input = { webhookId: idOf('webhook', request.params.id), which: acceptReplay(request.body) }
      return reply.code(202).send(await house.act(replayWebhook, actorOf(request), input))
    },
  )
}
