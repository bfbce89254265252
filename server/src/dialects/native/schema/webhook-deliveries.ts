import type { Static } from 'typebox'
import { Type } from 'typebox'
import type { DeliveryStatus } from '../../../domain/webhook.ts'
import { born, nullable, publicIdOf, time, word } from './fields.ts'
import { PAGE } from './paging.ts'
import { DELIVERY_STATUSES } from './webhooks.ts'

const status = word<DeliveryStatus>(DELIVERY_STATUSES, '`failed` is not tried again by itself.')
const headers = Type.Record(Type.String(), Type.String())

const TRY = {
  at: time,
  latencyMs: Type.Number(),
  status: nullable(Type.Integer({ description: 'Of HTTP; null when there was no answer.' })),
  error: nullable(Type.String({ description: 'Why it failed; null when it did not.' })),
}

const DELIVERY = {
  id: publicIdOf('del'),
  eventId: Type.String({ description: '`evt_…`, of a test `test_…`: the `webhook-id` of every try.' }),
  event: Type.String({ description: 'In the words of the webhook’s dialect.' }),
  conversationId: nullable(publicIdOf('conv')),
  status,
  attemptCount: Type.Integer({ description: 'All tries, replays too.' }),
  lastAttempt: nullable(Type.Object(TRY)),
  nextAttemptAt: nullable(Type.String({ format: 'date-time', description: 'Null unless it is pending.' })),
  occurredAt: Type.String({ format: 'date-time', description: 'When it happened.' }),
  ...born,
}
export const DeliveryBody = Type.Object(DELIVERY)
export type DeliveryBody = Static<typeof DeliveryBody>

export const DeliveryInFull = Type.Object({
  ...DELIVERY,
  body: nullable(
    Type.String({ description: 'Byte by byte as it is sent; null for whoever may not read messages.' }),
  ),
  attempts: Type.Array(
    Type.Object({
      ...TRY,
      request: Type.Object({ headers }, { description: 'What your own headers say is not kept.' }),
      response: nullable(Type.Object({ headers, body: Type.String({ description: 'How it begins.' }) })),
    }),
    { description: 'The newest ones, oldest first.' },
  ),
})
export type DeliveryInFull = Static<typeof DeliveryInFull>

export const DeliveryListQuery = Type.Object(
  {
    ...PAGE,
    status: Type.Optional(status),
    event: Type.Optional(
      Type.String({ minLength: 1, maxLength: 100, description: 'Such as `message.received`.' }),
    ),
  },
  { additionalProperties: false },
)
export type DeliveryListQuery = Static<typeof DeliveryListQuery>

const moment = Type.String({ maxLength: 64 })

export const ReplayBody = Type.Object(
  {
    deliveryId: Type.Optional(publicIdOf('del')),
    status: Type.Optional(word(['failed'], 'All that failed.')),
    from: Type.Optional(moment),
    until: Type.Optional(moment),
  },
  {
    additionalProperties: false,
    description:
      '`deliveryId` alone; or `status`, and within a time if you like; or `from` and `until`: everything told of what happened from the ' +
      'one moment until just before the other.',
  },
)
export type ReplayBody = Static<typeof ReplayBody>

export const Replayed = Type.Object({
  count: Type.Integer({ description: 'Deliveries that are tried anew.' }),
})
