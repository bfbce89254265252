import type { FastifyInstance } from 'fastify'
import { speakAsCustomer } from '../../../application/inbound/speak-as-customer.ts'
import type { Door } from '../../../application/ports/door.ts'
import { acceptSpeakAsCustomer } from '../accept.ts'
import { actorOf } from '../auth.ts'
import { clientIdOf } from '../idempotency.ts'
import { presentMessage } from '../present.ts'
import { SpeakAsCustomerBody } from '../schema/requests.ts'
import { Message, problems } from '../schema/responses.ts'

const speak = {
  tags: ['Sandbox'],
  summary: 'Speak as the customer on a sandbox channel',
  description:
    'A sandbox stands in for a provider: it accepts messages, moves them to sent, delivered, read, and lets one ' +
    'speak as the customer. What is said here comes in as if the provider had brought it: the contact and the ' +
    'conversation are found or made. 201 for a new message, 200 when its `messageId` came before.',
  body: SpeakAsCustomerBody,
  response: { 200: Message, 201: Message, ...problems },
}

export function sandboxRoutes(scope: FastifyInstance, { house }: Door): void {
  scope.post<{ Body: SpeakAsCustomerBody }>(
    '/sandbox/messages',
    { schema: speak, config: { policy: { permission: 'channel.speak' } } },
    async (request, reply) => {
      const input = { ...acceptSpeakAsCustomer(request.body), clientId: clientIdOf(request) }
      const said = await house.perform(speakAsCustomer, actorOf(request), input)
      return reply.code(said.isRepeat ? 200 : 201).send(presentMessage(said))
    },
  )
}
