import type { TSchema } from 'typebox'
import { Type } from 'typebox'

const LONGEST_URL = 2000
const eventName = Type.String({ minLength: 1, maxLength: 100 })
const config = Type.Object({
  retryPolicy: Type.Optional(Type.Enum(['exponential'])),
  maxRetries: Type.Optional(
    Type.Integer({ minimum: 1, maximum: 5, description: 'Tries in all, the first one included.' }),
  ),
  timeout: Type.Optional(Type.Integer({ minimum: 1, maximum: 60, description: 'Seconds, for one try.' })),
  signature: Type.Optional(
    Type.Enum(['timestamped', 'body'], {
      description: '`timestamped`: as documented; `body`: as the SDKs check it. An extension of ours.',
    }),
  ),
})
const parts = {
  description: Type.Optional(Type.String({ maxLength: 1000 })),
  headers: Type.Optional(
    Type.Record(Type.String(), Type.String(), { description: 'Sent along with every delivery; at most 20.' }),
  ),
  config: Type.Optional(config),
}
const url = Type.String({ maxLength: LONGEST_URL, description: 'https, of a public address.' })
const events = Type.Array(eventName, { maxItems: 100, description: '`*` is all of them.' })

export const CreateWebhookBody = Type.Object({ url, events, ...parts })
export const UpdateWebhookBody = Type.Object({
  ...{ url: Type.Optional(url), events: Type.Optional(events), ...parts },
  status: Type.Optional(Type.Enum(['active', 'inactive'])),
})
export const TestWebhookBody = Type.Object({
  event: Type.Optional(Type.String({ maxLength: 100, default: 'test.ping' })),
})

export const WebhookParams = Type.Object({ id: Type.String({ description: 'Webhook id, `wh_…`.' }) })
export const DeliveryParams = Type.Object({
  ...WebhookParams.properties,
  deliveryId: Type.String({ description: 'Delivery id, `del_…`.' }),
})
export const ListDeliveriesQuery = Type.Object({
  page: Type.Optional(Type.Integer({ minimum: 1, default: 1 })),
  perPage: Type.Optional(
    Type.Integer({ minimum: 1, default: 20, description: 'More than 100 counts as 100.' }),
  ),
  status: Type.Optional(Type.Enum(['succeeded', 'failed', 'pending'])),
  event: Type.Optional(Type.String({ description: 'Filter by event.' })),
})

const Time = Type.String({ format: 'date-time', description: 'UTC, to the second.' })
const Count = Type.Integer({ minimum: 0 })
const Status = Type.String({ enum: ['active', 'inactive'] })
const DeliveryStatus = Type.String({ enum: ['succeeded', 'failed', 'pending'] })
const StatusCode = Type.Optional(Type.Integer({ description: 'Absent when there was no answer.' }))
const Headers = Type.Record(Type.String(), Type.String())
const resource = <Attributes extends TSchema>(type: string, attributes: Attributes) =>
  Type.Object({ id: Type.String(), type: Type.String({ enum: [type] }), attributes })

const said = {
  url: Type.String(),
  description: Type.Optional(Type.String()),
  status: Status,
  events: Type.Array(Type.String()),
}
const stats = {
  deliveriesTotal: Count,
  deliveriesSucceeded: Count,
  deliveriesFailed: Count,
  successRate: Type.Number({ description: 'Of those that are over, from 0 to 1; 1 before the first.' }),
}
const times = { createdAt: Time, updatedAt: Time }

export const WebhookList = Type.Object({
  data: Type.Array(resource('webhook', Type.Object({ ...said, stats: Type.Object(stats), ...times }))),
})
export const WebhookDetail = Type.Object({
  data: resource(
    'webhook',
    Type.Object({
      ...said,
      secret: Type.String({ description: 'Its beginning.' }),
      headers: Headers,
      config: Type.Object({
        retryPolicy: Type.String(),
        maxRetries: Count,
        timeout: Type.Number(),
        signature: Type.String(),
      }),
      stats: Type.Object({
        ...stats,
        avgLatency: Type.Optional(Type.Number({ description: 'Milliseconds.' })),
      }),
      lastDelivery: Type.Optional(
        Type.Object({ id: Type.String(), event: Type.String(), status: DeliveryStatus, timestamp: Time }),
      ),
      ...times,
    }),
  ),
})
export const WebhookCreated = Type.Object({
  data: resource(
    'webhook',
    Type.Object({
      ...said,
      secret: Type.String({ description: 'Shown this once.' }),
      headers: Headers,
      createdAt: Time,
    }),
  ),
})
export const WebhookTested = Type.Object({
  data: Type.Object({
    deliveryId: Type.String(),
    status: DeliveryStatus,
    statusCode: StatusCode,
    latency: Type.Integer({ minimum: 0, description: 'Milliseconds.' }),
    timestamp: Time,
  }),
})
export const DeliveryList = Type.Object({
  data: Type.Array(
    resource(
      'delivery',
      Type.Object({
        event: Type.String(),
        status: DeliveryStatus,
        statusCode: StatusCode,
        errorMessage: Type.Optional(Type.String()),
        attempts: Count,
        payload: Type.Object({}, { additionalProperties: true }),
        request: Type.Optional(Type.Object({ headers: Headers })),
        response: Type.Optional(Type.Object({ statusCode: StatusCode, body: Type.String() })),
        createdAt: Time,
        lastAttemptAt: Type.Optional(Time),
      }),
    ),
  ),
  meta: Type.Object({
    pagination: Type.Object({ page: Count, perPage: Count, totalPages: Count, totalCount: Count }),
  }),
})
export const DeliveryRetried = Type.Object({
  data: Type.Object({
    id: Type.String(),
    status: DeliveryStatus,
    statusCode: StatusCode,
    attempts: Count,
    retriedAt: Time,
  }),
})
