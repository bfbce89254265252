import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import type { Door } from '../../../application/ports/door.ts'
import { needs } from '../../../application/ports/policy.ts'
import { createWebhook } from '../../../application/webhooks/create-webhook.ts'
import { deleteWebhook } from '../../../application/webhooks/delete-webhook.ts'
import { getWebhook, listWebhooks } from '../../../application/webhooks/read-webhooks.ts'
import { reviseWebhook } from '../../../application/webhooks/update-webhook.ts'
import { acceptCreateWebhook, acceptUpdateWebhook, acceptWebhook } from '../accept-webhooks.ts'
import { actorOf } from '../auth.ts'
import { presentNewWebhook, presentWebhook, presentWebhooks } from '../present-webhooks.ts'
import * as wire from '../schema/webhooks.ts'
import { documented } from './documented.ts'

const TAG = 'Webhooks'
type Named = { Params: { id: string } }
const writing = {
  ...needs('webhook.write'),
  linktorFields: { url: 'url', maxAttempts: 'config.maxRetries', signature: 'config.signature' },
  linktorCodes: { url: 'INVALID_URL', events: 'INVALID_EVENTS' },
}

/** An account's webhooks that are told things in this dialect. */
export function webhookRoutes(app: FastifyInstance, { house }: Door): void {
  const listed = documented(TAG, { summary: 'List webhooks', response: { 200: wire.WebhookList } })
  app.get('/webhooks', { schema: listed, config: needs('webhook.read') }, async (request) =>
    presentWebhooks(await house.ask(listWebhooks, actorOf(request), { dialect: 'linktor' })),
  )

  const shown = documented(TAG, {
    summary: 'Get a webhook',
    params: wire.WebhookParams,
    response: { 200: wire.WebhookDetail },
  })
  app.get<Named>('/webhooks/:id', { schema: shown, config: needs('webhook.read') }, async (request) => {
    const actor = actorOf(request)
    return presentWebhook(await house.ask(getWebhook, actor, acceptWebhook(request.params.id)), actor)
  })

  const created = documented(TAG, {
    summary: 'Create a webhook; its secret is shown this once',
    body: wire.CreateWebhookBody,
    response: { 201: wire.WebhookCreated },
  })
  app.post('/webhooks', { schema: created, config: writing }, async (request, reply) => {
    const made = await house.perform(createWebhook, actorOf(request), acceptCreateWebhook(request.body))
    return reply.code(201).send(presentNewWebhook(made))
  })

  const updated = documented(TAG, {
    summary: 'Update a webhook',
    params: wire.WebhookParams,
    body: wire.UpdateWebhookBody,
    response: { 200: wire.WebhookDetail },
  })
  app.route<Named>({
    method: ['PATCH', 'PUT'],
    url: '/webhooks/:id',
    schema: updated,
    config: writing,
    handler: async (request) => {
      const input = acceptUpdateWebhook(request.params.id, request.body)
      const actor = actorOf(request)
      return presentWebhook(await house.perform(reviseWebhook, actor, input), actor)
    },
  })

  const deleted = documented(TAG, {
    summary: 'Delete a webhook',
    params: wire.WebhookParams,
    response: { 204: Type.Object({}) },
  })
  app.delete<Named>('/webhooks/:id', { schema: deleted, config: writing }, async (request, reply) => {
    await house.act(deleteWebhook, actorOf(request), acceptWebhook(request.params.id))
    return reply.code(204).send()
  })
}
