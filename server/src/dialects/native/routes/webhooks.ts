import type { FastifyInstance } from 'fastify'
import type { Door } from '../../../application/ports/door.ts'
import { needs } from '../../../application/ports/policy.ts'
import { createWebhook } from '../../../application/webhooks/create-webhook.ts'
import { deleteWebhook } from '../../../application/webhooks/delete-webhook.ts'
import { getWebhook, listWebhooks } from '../../../application/webhooks/read-webhooks.ts'
import { rotateWebhookSecret } from '../../../application/webhooks/rotate-webhook-secret.ts'
import { updateWebhook } from '../../../application/webhooks/update-webhook.ts'
import { given } from '../accept-fields.ts'
import { idOf } from '../accept-people.ts'
import { acceptCreateWebhook, acceptUpdateWebhook } from '../accept-webhooks.ts'
import { actorOf } from '../auth.ts'
import { presentFound, presentNewWebhook, presentRotated, presentWebhook } from '../present-webhooks.ts'
import { Gone } from '../schema/fields.ts'
import { pageOf } from '../schema/paging.ts'
import { problems } from '../schema/responses.ts'
import * as wire from '../schema/webhooks.ts'

const tags = ['Webhooks']

interface Named {
  Params: { id: string }
}

export function webhookRoutes(scope: FastifyInstance, door: Door): void {
  const { house } = door
  const list = {
    tags,
    summary: 'List webhooks, with how they are doing',
    description: 'At most 100: always one page.',
    querystring: wire.WebhookListQuery,
    response: { 200: pageOf(wire.WebhookWithStats), ...problems },
  }
  scope.get<{ Querystring: wire.WebhookListQuery }>(
    '/webhooks',
    { schema: list, config: needs('webhook.read') },
    async (request) => {
      const actor = actorOf(request)
      const found = await house.ask(listWebhooks, actor, request.query)
      return { items: found.map((one) => presentFound(one, actor)), nextCursor: null }
    },
  )

  const get = {
    tags,
    summary: 'Get a webhook, with how it is doing',
    response: { 200: wire.WebhookWithStats, ...problems },
  }
  scope.get<Named>('/webhooks/:id', { schema: get, config: needs('webhook.read') }, async (request) => {
    const actor = actorOf(request)
    const found = await house.ask(getWebhook, actor, { webhookId: idOf('webhook', request.params.id) })
    return presentFound(found, actor)
  })

  changingRoutes(scope, door)

  const remove = {
    tags,
    summary: 'Delete a webhook',
    description: 'Nothing more is told to it, and nothing of what it was told can be told again.',
    response: { 204: Gone, ...problems },
  }
  scope.delete<Named>(
    '/webhooks/:id',
    { schema: remove, config: needs('webhook.write') },
    async (request, reply) => {
      await house.act(deleteWebhook, actorOf(request), { webhookId: idOf('webhook', request.params.id) })
      return reply.code(204).send()
    },
  )
}

function changingRoutes(scope: FastifyInstance, { house }: Door): void {
  const config = needs('webhook.write')
  const create = {
    tags,
    summary: 'Have an address told what happens from now on',
    description:
      'Its secret is shown this once. Whoever is told is told of the whole account: only for those who see all of it. 409 past 100 of them.',
    body: wire.CreateWebhookBody,
    response: { 201: wire.WebhookWithSecret, ...problems },
  }
  scope.post<{ Body: wire.CreateWebhookBody }>(
    '/webhooks',
    { schema: create, config },
    async (request, reply) => {
      const input = acceptCreateWebhook(request.body)
      const actor = actorOf(request)
      return reply.code(201).send(presentNewWebhook(await house.perform(createWebhook, actor, input), actor))
    },
  )

  const update = {
    tags,
    summary: 'Change a webhook',
    description:
      '`events` and `headers` are replaced as a whole. `isActive: true` resumes: one that the server paused is told what it missed, one ' +
      'that was switched off by hand what happens from then on.',
    body: wire.UpdateWebhookBody,
    response: { 200: wire.WebhookBody, ...problems },
  }
  scope.patch<Named & { Body: wire.UpdateWebhookBody }>(
    '/webhooks/:id',
    { schema: update, config },
    async (request) => {
      const input = acceptUpdateWebhook(request.params.id, request.body)
      const actor = actorOf(request)
      return presentWebhook(await house.perform(updateWebhook, actor, input), actor)
    },
  )

  const rotate = {
    tags,
    summary: 'Give a webhook a new secret',
    description:
      'Shown this once. For a day each delivery is signed with the one before too, so that nothing is refused meanwhile.',
    body: wire.RotateSecretBody,
    response: { 200: wire.RotatedWebhook, ...problems },
  }
  scope.post<Named & { Body: wire.RotateSecretBody }>(
    '/webhooks/:id/rotate-secret',
    { schema: rotate, config },
    async (request) => {
      const secret = given('secret', request.body?.secret, (text) => text)
      const input = { webhookId: idOf('webhook', request.params.id), ...secret }
      const actor = actorOf(request)
      return presentRotated(await house.act(rotateWebhookSecret, actor, input), actor)
    },
  )
}
