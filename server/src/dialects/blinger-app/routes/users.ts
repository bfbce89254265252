import type { FastifyInstance, FastifyRequest } from 'fastify'
import { getParty, updateContact } from '../../../application/contacts/get-party.ts'
import type { Door } from '../../../application/ports/door.ts'
import { needs } from '../../../application/ports/policy.ts'
import { acceptUpdateUser, acceptUser } from '../accept.ts'
import { actorOf } from '../auth.ts'
import { paramsOf } from '../params.ts'
import { succeed } from '../present.ts'
import { presentParty } from '../present-user.ts'
import { answers } from '../schema/envelope.ts'
import { GET_USER, UPDATE_USER } from '../schema/requests.ts'
import { User } from '../schema/responses.ts'

const tags = ['User']
const response = answers(User)

export function userRoutes(scope: FastifyInstance, door: Door): void {
  const placeOf = (request: FastifyRequest) => ({
    accountNumber: actorOf(request).accountNumber,
    origin: door.publicOrigin(),
  })

  const get = { summary: 'Get user', description: 'A client, or a channel: both are users here.', tags }
  scope.get(
    '/get',
    { schema: { ...get, ...GET_USER, response }, config: needs('contact.read') },
    async (request) => {
      const party = await door.house.ask(getParty, actorOf(request), acceptUser(paramsOf(request)))
      return succeed(presentParty(party, placeOf(request)))
    },
  )

  const update = { summary: 'Update user', description: 'What is absent stays; null clears.', tags }
  scope.post(
    '/update',
    { schema: { ...update, ...UPDATE_USER, response }, config: needs('contact.write') },
    async (request) => {
      const party = await door.house.act(updateContact, actorOf(request), acceptUpdateUser(paramsOf(request)))
      return succeed(presentParty(party, placeOf(request)))
    },
  )
}
