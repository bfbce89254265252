import type { Static } from 'typebox'
import { Type } from 'typebox'

export const SpeakAsCustomerBody = Type.Object({
  channelId: Type.String({
    description: 'A sandbox channel: `ch_…`, or its UUID with or without hyphens.',
  }),
  from: Type.String({
    minLength: 1,
    maxLength: 255,
    description: 'Who speaks, as the provider would call them: on WhatsApp a phone number, elsewhere any id.',
  }),
  name: Type.Optional(Type.String({ maxLength: 255, description: 'What the customer is called.' })),
  text: Type.String({ minLength: 1, description: 'What the customer says.' }),
  messageId: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 255,
      description: 'The provider’s id of the message, as it were: sent again, it does not come again.',
    }),
  ),
})
export type SpeakAsCustomerBody = Static<typeof SpeakAsCustomerBody>

export const ReadEventsQuery = Type.Object(
  {
    after: Type.Optional(
      Type.String({
        maxLength: 255,
        description:
          'The `cursor` of the answer before. Without it reading begins with the oldest event kept; `latest` gives a cursor at once, ' +
          'after which comes only what happens from now on.',
      }),
    ),
    limit: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 1000, description: 'Most events in one answer; 100.' }),
    ),
    wait: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: 60,
        description:
          'Seconds to wait for an event when there is none; 0. The answer comes as soon as there is one.',
      }),
    ),
  },
  { additionalProperties: false },
)
export type ReadEventsQuery = Static<typeof ReadEventsQuery>
