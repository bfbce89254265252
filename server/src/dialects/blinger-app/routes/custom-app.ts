import type { FastifyInstance } from 'fastify'
import { receiveFile } from '../../../application/inbound/receive-file.ts'
import { receive } from '../../../application/inbound/receive.ts'
import type { Door } from '../../../application/ports/door.ts'
import { refuse } from '../../../domain/errors.ts'
import { acceptReceived } from '../accept-received.ts'
import { callerOf } from '../auth.ts'
import { paramsOf } from '../params.ts'
import { succeed } from '../present.ts'
import { presentMessage } from '../present-message.ts'
import { answers } from '../schema/envelope.ts'
import { CUSTOM_APP_MESSAGE } from '../schema/requests.ts'
import { Message } from '../schema/responses.ts'

export function customAppRoutes(scope: FastifyInstance, door: Door): void {
  const schema = {
    summary: 'Incoming message of a custom app',
    description:
      'Shows the channel’s token as `Authorization: Bearer …`. Answers the committed message; a repeated `message_id` ' +
      'gets the first one’s message.',
    tags: ['Custom app'],
    ...CUSTOM_APP_MESSAGE,
    response: answers(Message),
  }
  scope.post('/message', { schema, config: { policy: { channel: true } } }, async (request) => {
    const { actor, channel } = callerOf(request)
    const input = acceptReceived(paramsOf(request), channel ?? refuse('unauthenticated'))
    const received = await ('text' in input
      ? door.house.perform(receive, actor, input.text)
      : door.house.perform(receiveFile, actor, input.file))
    return succeed(presentMessage(received, door.publicOrigin()))
  })
}
