import type { FastifyInstance } from 'fastify'
import { getOperator, listOperators } from '../../../application/operators/list-operators.ts'
import { registerOperator, updateOperator } from '../../../application/operators/register-operator.ts'
import type { Door } from '../../../application/ports/door.ts'
import { needs } from '../../../application/ports/policy.ts'
import { acceptAgent, acceptAgentUpdate, acceptNewAgent } from '../accept.ts'
import { actorOf } from '../auth.ts'
import { presentAgent } from '../present.ts'
import * as requests from '../schema/requests.ts'
import { manyAgents, oneAgent } from '../schema/responses.ts'

const tags = ['Agent']
const consumes = ['application/json', 'application/x-www-form-urlencoded', 'multipart/form-data']

const list = { tags, summary: 'Get list of agents', response: manyAgents }
const get = { tags, summary: 'Get Agent', params: requests.agentPath, response: oneAgent }
const create = {
  tags,
  consumes,
  summary: 'Create Agent',
  description: 'Registers somebody who answers through your service; there is no way to sign in here.',
  body: requests.createAgent,
  response: oneAgent,
}
const update = {
  tags,
  consumes,
  summary: 'Update Agent',
  description: 'Fields left out stay as they are.',
  params: requests.agentPath,
  body: requests.updateAgent,
  response: oneAgent,
}

export function agentRoutes(scope: FastifyInstance, door: Door): void {
  const { house } = door

  scope.get('/agents', { schema: list, config: needs('operator.read') }, async (request) => {
    const { operators } = await house.ask(listOperators, actorOf(request), undefined)
    return { status: 200, data: operators.map((operator) => presentAgent(door, operator)) }
  })

  // The vendor's list is plural and its other paths singular as far as they are known: both are served.
  for (const path of ['/agent', '/agents']) {
    scope.get(`${path}/:id`, { schema: get, config: needs('operator.read') }, async (request) => {
      const operator = await house.ask(getOperator, actorOf(request), acceptAgent(request))
      return { status: 200, data: presentAgent(door, operator) }
    })

    scope.post(path, { schema: create, config: needs('operator.write') }, async (request) => {
      const operator = await house.perform(registerOperator, actorOf(request), acceptNewAgent(request))
      return { status: 200, data: presentAgent(door, operator) }
    })

    scope.route({
      method: ['PUT', 'PATCH', 'POST'],
      url: `${path}/:id`,
      schema: update,
      config: needs('operator.write'),
      handler: async (request) => {
        const operator = await house.perform(updateOperator, actorOf(request), acceptAgentUpdate(request))
        return { status: 200, data: presentAgent(door, operator) }
      },
    })
  }
}
