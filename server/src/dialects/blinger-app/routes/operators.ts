import type { FastifyInstance } from 'fastify'
import { createOperator } from '../../../application/operators/create-operator.ts'
import { deleteOperator } from '../../../application/operators/delete-operator.ts'
import { listGroups, listOperators } from '../../../application/operators/list-operators.ts'
import type { Door } from '../../../application/ports/door.ts'
import { needs } from '../../../application/ports/policy.ts'
import { acceptCreateOperator, acceptDeleteOperator } from '../accept.ts'
import { actorOf } from '../auth.ts'
import { paramsOf } from '../params.ts'
import { presentCreatedOperator, presentGroups, presentOperators, succeed } from '../present.ts'
import { answers } from '../schema/envelope.ts'
import { CREATE_OPERATOR, DELETE_OPERATOR, NOTHING } from '../schema/requests.ts'
import { CreatedOperator, Done, Groups, Operators } from '../schema/responses.ts'

const tags = ['Operator']

export function operatorRoutes(scope: FastifyInstance, door: Door): void {
  const all = { summary: 'Get operators', tags, ...NOTHING, response: answers(Operators) }
  scope.get('/all', { schema: all, config: needs('operator.read') }, async (request) =>
    succeed(presentOperators(await door.house.ask(listOperators, actorOf(request), {}))),
  )

  const groups = { summary: 'Get operator groups', tags, ...NOTHING, response: answers(Groups) }
  scope.get('/groups', { schema: groups, config: needs('operator.read') }, async (request) =>
    succeed(presentGroups(await door.house.ask(listGroups, actorOf(request), {}))),
  )

  const create = { summary: 'Create operator', description: 'Can sign in at once.', tags, ...CREATE_OPERATOR }
  scope.post(
    '/create',
    { schema: { ...create, response: answers(CreatedOperator) }, config: needs('operator.write') },
    async (request) => {
      const input = acceptCreateOperator(paramsOf(request))
      return succeed(
        presentCreatedOperator(await door.house.perform(createOperator, actorOf(request), input)),
      )
    },
  )

  const remove = { summary: 'Delete operator', tags, ...DELETE_OPERATOR, response: answers(Done) }
  const description = 'The conversations in its hands become unassigned. The owner cannot be deleted.'
  scope.post(
    '/delete',
    { schema: { ...remove, description }, config: needs('operator.write') },
    async (request) => {
      await door.house.act(deleteOperator, actorOf(request), acceptDeleteOperator(paramsOf(request)))
      return succeed({ success: true })
    },
  )
}
