import type { FastifyInstance } from 'fastify'
import type { Door } from '../../../application/ports/door.ts'
import { needs } from '../../../application/ports/policy.ts'
import { pageDeliveries } from '../../../application/webhooks/read-webhooks.ts'
import { retryDelivery, testWebhook } from '../../../application/webhooks/try-webhook.ts'
import { acceptDeliveryList, acceptRetry, acceptTest } from '../accept-webhooks.ts'
import { actorOf } from '../auth.ts'
import { presentDeliveries, presentRetried, presentTested } from '../present-webhooks.ts'
import * as wire from '../schema/webhooks.ts'
import { documented } from './documented.ts'

const TAG = 'Webhooks'

/** What a webhook was told, and is told on request. */
export function deliveryRoutes(app: FastifyInstance, { house }: Door): void {
  const tested = documented(TAG, {
    summary: 'Send a test to a webhook, and wait for the answer',
    params: wire.WebhookParams,
    body: wire.TestWebhookBody,
    response: { 200: wire.WebhookTested },
  })
  const testing = { ...needs('webhook.write'), linktorCodes: { event: 'INVALID_EVENTS' } }
  app.post<{ Params: { id: string } }>(
    '/webhooks/:id/test',
    { schema: tested, config: testing },
    async (request) => {
      const input = acceptTest(request.params.id, request.body)
      return presentTested(await house.perform(testWebhook, actorOf(request), input))
    },
  )

  const listed = documented(TAG, {
    summary: 'List what a webhook was told',
    params: wire.WebhookParams,
    querystring: wire.ListDeliveriesQuery,
    response: { 200: wire.DeliveryList },
  })
  app.get<{ Params: { id: string } }>(
    '/webhooks/:id/deliveries',
    { schema: listed, config: needs('webhook.read') },
    async (request) => {
      const { input, page } = acceptDeliveryList(request.params.id, request.query)
      return presentDeliveries(await house.ask(pageDeliveries, actorOf(request), input), page)
    },
  )

  const retried = documented(TAG, {
    summary: 'Try a delivery again at once, and wait for the answer',
    params: wire.DeliveryParams,
    response: { 200: wire.DeliveryRetried },
  })
  app.post<{ Params: { id: string; deliveryId: string } }>(
    '/webhooks/:id/deliveries/:deliveryId/retry',
    { schema: retried, config: needs('webhook.write') },
    async (request) => {
      const input = acceptRetry(request.params, request.body)
      return presentRetried(await house.perform(retryDelivery, actorOf(request), input))
    },
  )
}
