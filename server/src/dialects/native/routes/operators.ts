import type { FastifyInstance } from 'fastify'
import { changeOperator } from '../../../application/operators/change-operator.ts'
import { deleteOperator } from '../../../application/operators/delete-operator.ts'
import { pageOperators, viewOperator } from '../../../application/operators/read-operators.ts'
import type { Door } from '../../../application/ports/door.ts'
import { acceptChangeOperator } from '../accept-operators.ts'
import { actorOf } from '../auth.ts'
import { refOf } from '../ids.ts'
import { acceptPaging, keysetOf, presentList } from '../paging.ts'
import { presentOperator } from '../present-operators.ts'
import { Gone } from '../schema/fields.ts'
import { ChangeOperatorBody, OperatorBody } from '../schema/operators.ts'
import { PageQuery, pageOf } from '../schema/paging.ts'
import { problems } from '../schema/responses.ts'

const tags = ['Operators']
const reading = { policy: { permission: 'operator.read' } } as const
const writing = { policy: { permission: 'operator.write' } } as const
const answers = { 200: OperatorBody, ...problems }

interface Named {
  Params: { id: string }
}

export function operatorRoutes(scope: FastifyInstance, { house, publicOrigin }: Door): void {
  const list = { tags, summary: 'List operators', querystring: PageQuery }
  scope.get<{ Querystring: PageQuery }>(
    '/operators',
    { schema: { ...list, response: { 200: pageOf(OperatorBody), ...problems } }, config: reading },
    async (request) => {
      const actor = actorOf(request)
      const paging = acceptPaging({ list: 'operators', accountId: actor.accountId }, request.query)
      const operators = await house.ask(pageOperators, actor, keysetOf(paging))
      return presentList(operators, paging, {
        nameOf: ({ operator }) => operator.number,
        present: (view) => presentOperator(view, publicOrigin()),
      })
    },
  )

  const get = { tags, summary: 'Get an operator', response: answers }
  scope.get<Named>('/operators/:id', { schema: get, config: reading }, async (request) => {
    const input = { operator: refOf('operator', request.params.id) }
    return presentOperator(await house.ask(viewOperator, actorOf(request), input), publicOrigin())
  })

  const update = {
    tags,
    summary: 'Change an operator',
    description:
      'Name, role, scope, groups, standing. Its tokens and sessions follow at once: an operator who is not active can do nothing, while ' +
      'the conversations in its hands stay there. 403 for whoever can do more than you, before or after; the owner stays an active owner.',
    body: ChangeOperatorBody,
    response: answers,
  }
  scope.patch<Named & { Body: ChangeOperatorBody }>(
    '/operators/:id',
    { schema: update, config: writing },
    async (request) => {
      const input = acceptChangeOperator(request.params.id, request.body)
      return presentOperator(await house.act(changeOperator, actorOf(request), input), publicOrigin())
    },
  )

  const remove = {
    tags,
    summary: 'Delete an operator',
    description:
      'The conversations in its hands become unassigned; its messages keep its name. Who works in no other account can sign in no more. ' +
      '403 for the owner, for yourself, and for whoever can do more than you.',
    response: { 204: Gone, ...problems },
  }
  scope.delete<Named>('/operators/:id', { schema: remove, config: writing }, async (request, reply) => {
    const operator = refOf('operator', request.params.id)
    await house.act(deleteOperator, actorOf(request), { operator, whenOwner: 'forbidden' })
    return reply.code(204).send()
  })
}
