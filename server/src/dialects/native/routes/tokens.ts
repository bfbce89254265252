import type { FastifyInstance } from 'fastify'
import type { Door } from '../../../application/ports/door.ts'
import { createToken } from '../../../application/tokens/create-token.ts'
import { pageTokens } from '../../../application/tokens/list-tokens.ts'
import { revokeToken } from '../../../application/tokens/revoke-token.ts'
import { acceptCreateToken } from '../accept-tokens.ts'
import { actorOf } from '../auth.ts'
import { idOf } from '../accept-people.ts'
import { acceptPagingById, presentList } from '../paging.ts'
import { presentToken } from '../present-tokens.ts'
import { Gone } from '../schema/fields.ts'
import { pageOf } from '../schema/paging.ts'
import { problems } from '../schema/responses.ts'
import { CreateTokenBody, TokenBody, TokenListQuery, TokenWithSecret } from '../schema/tokens.ts'

const tags = ['Tokens']
const reading = { policy: { permission: 'token.read' } } as const
const writing = { policy: { permission: 'token.write' } } as const

export function tokenRoutes(scope: FastifyInstance, { house }: Door): void {
  const list = { tags, summary: 'List live tokens, newest first', querystring: TokenListQuery }
  scope.get<{ Querystring: TokenListQuery }>(
    '/tokens',
    { schema: { ...list, response: { 200: pageOf(TokenBody), ...problems } }, config: reading },
    async (request) => {
      const actor = actorOf(request)
      const { kind, ...page } = request.query
      const paging = acceptPagingById({ list: `tokens ${kind ?? ''}`, accountId: actor.accountId }, page)
      const asked = { kind, afterId: paging.after, limit: paging.limit + 1 }
      const tokens = await house.ask(pageTokens, actor, asked)
      return presentList(tokens, paging, { nameOf: ({ id }) => id, present: presentToken })
    },
  )

  const create = {
    tags,
    summary: 'Create a token',
    description:
      'Its secret is shown this once. It can do what it is given, all you can by default, as far as its operator (you by default) still ' +
      'can; nobody gives what they lack. A token for another operator is for those who see all conversations.',
    body: CreateTokenBody,
    response: { 201: TokenWithSecret, ...problems },
  }
  scope.post<{ Body: CreateTokenBody }>(
    '/tokens',
    { schema: create, config: writing },
    async (request, reply) => {
      const input = acceptCreateToken(request.body)
      const { token, secret } = await house.act(createToken, actorOf(request), input)
      return reply.code(201).send({ ...presentToken(token), secret })
    },
  )

  const revoke = { tags, summary: 'Revoke a token, at once', response: { 204: Gone, ...problems } }
  scope.delete<{ Params: { id: string } }>(
    '/tokens/:id',
    { schema: revoke, config: writing },
    async (request, reply) => {
      await house.act(revokeToken, actorOf(request), { tokenId: idOf('token', request.params.id) })
      return reply.code(204).send()
    },
  )
}
