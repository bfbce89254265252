import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import type { Door } from '../../../application/ports/door.ts'
import { createToken } from '../../../application/tokens/create-token.ts'
import { listTokens } from '../../../application/tokens/list-tokens.ts'
import { revokeToken } from '../../../application/tokens/revoke-token.ts'
import { acceptCreateKey } from '../accept-auth.ts'
import { actorOf } from '../auth.ts'
import { refOf } from '../ids.ts'
import { presentKey } from '../present-auth.ts'
import { CreatedKey, CreateKeyBody, KeyList, KeyParams } from '../schema/auth.ts'
import { documented } from './documented.ts'

const writing = { policy: { permission: 'token.write' } } as const

/** An account's keys for this API. */
export function apiKeyRoutes(app: FastifyInstance, { house }: Door): void {
  const listed = documented('API keys', { summary: 'List API keys', response: { 200: KeyList } })
  app.get(
    '/api-keys',
    { schema: listed, config: { policy: { permission: 'token.read' } } },
    async (request) => {
      const tokens = await house.ask(listTokens, actorOf(request), { kind: 'linktor' as const })
      return { data: tokens.map(presentKey) }
    },
  )
  const created = documented('API keys', {
    summary: 'Create an API key; it is shown this once',
    body: CreateKeyBody,
    response: { 201: CreatedKey },
  })
  app.post('/api-keys', { schema: created, config: writing }, async (request, reply) => {
    const { token, secret } = await house.act(createToken, actorOf(request), acceptCreateKey(request.body))
    const { attributes, ...key } = presentKey(token)
    const { name, ...rest } = attributes
    return reply.code(201).send({ data: { ...key, attributes: { name, key: secret, ...rest } } })
  })
  const deleted = documented('API keys', {
    summary: 'Delete an API key: it ends at once',
    params: KeyParams,
    response: { 204: Type.Object({}) },
  })
  app.delete<{ Params: { id: string } }>(
    '/api-keys/:id',
    { schema: deleted, config: writing },
    async (request, reply) => {
      const { id } = refOf('key', request.params.id)
      await house.act(revokeToken, actorOf(request), { tokenId: id, kind: 'linktor' as const })
      return reply.code(204).send()
    },
  )
}
