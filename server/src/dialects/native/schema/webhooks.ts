import type { Static } from 'typebox'
import { Type } from 'typebox'
import {
  WEBHOOK_DIALECTS,
  WEBHOOK_SIGNATURES,
  type DeliveryStatus,
  type WebhookDialect,
  type WebhookPause,
  type WebhookSignature,
} from '../../../domain/webhook.ts'
import type { BotBody } from './bots.ts'
import type { ChannelBody } from './channels.ts'
import type { ContactBody } from './contacts.ts'
import type { ConversationBody } from './conversations.ts'
import type { EventBody, EventType } from './events.ts'
import { born, nullable, publicIdOf, time, word } from './fields.ts'
import type { MessageViewBody } from './messages.ts'
import { orNothing } from './values.ts'

const dialect = word<WebhookDialect>(WEBHOOK_DIALECTS, 'In whose words it is told.')
const signature = word<WebhookSignature>(
  WEBHOOK_SIGNATURES,
  'Each dialect has its own; the first of them by default.',
)
const pause = word<WebhookPause>(
  ['gone', 'failing'],
  'The server switched it off: it answered 410, or did nothing but fail for days.',
)
export const DELIVERY_STATUSES: DeliveryStatus[] = ['pending', 'succeeded', 'failed']
const status = word<DeliveryStatus>(DELIVERY_STATUSES, '`failed` is not tried again by itself.')

const WEBHOOK = {
  ...{ id: publicIdOf('wh'), number: Type.Integer(), dialect },
  url: Type.String({
    description: 'For whoever may change it; others see where it is, not what it carries.',
  }),
  description: nullable(Type.String()),
  events: Type.Array(Type.String(), { description: 'In the words of its dialect; `*` is all of them.' }),
  headers: Type.Record(Type.String(), Type.String(), {
    description: 'By name alone: they may hold credentials, so each value is shown as `…`.',
  }),
  signature,
  timeoutSeconds: nullable(
    Type.Number({ description: 'For one try as a whole; null is the dialect’s own.' }),
  ),
  maxAttempts: nullable(Type.Integer({ description: 'Tries in all; null is the dialect’s own.' })),
  secretHint: Type.String({ description: 'How its secret begins.' }),
  isActive: Type.Boolean({ description: 'Whether it is told anything; false also while it is paused.' }),
  pause: nullable(pause),
  failingSince: nullable(time),
  ...born,
}
export const WebhookBody = Type.Object(WEBHOOK)
export type WebhookBody = Static<typeof WebhookBody>

const secret = Type.String({ description: '`whsec_…`: what deliveries are signed with. Shown this once.' })
export const WebhookWithSecret = Type.Object({ ...WEBHOOK, secret })
export type WebhookWithSecret = Static<typeof WebhookWithSecret>

export const RotatedWebhook = Type.Object({
  ...{ ...WEBHOOK, secret },
  previousUntil: Type.String({
    format: 'date-time',
    description: 'Until then each delivery is signed with the secret before, too.',
  }),
})
export type RotatedWebhook = Static<typeof RotatedWebhook>

const WebhookStats = Type.Object(
  {
    succeeded: Type.Integer(),
    failed: Type.Integer(),
    pending: Type.Integer({ description: 'To be tried, or tried again.' }),
    attempts: Type.Integer(),
    successRate: nullable(
      Type.Number({ description: 'Of deliveries that are over, from 0 to 1; null before the first.' }),
    ),
    averageLatencyMs: nullable(Type.Number()),
    lagSeconds: Type.Number({
      description: 'How old the oldest event is that was not tried yet; 0 for none.',
    }),
    lastDelivery: nullable(
      Type.Object({ id: publicIdOf('del'), event: Type.String(), status, updatedAt: time }),
    ),
  },
  { description: 'Since it was made.' },
)
export const WebhookWithStats = Type.Object({ ...WEBHOOK, stats: WebhookStats })
export type WebhookWithStats = Static<typeof WebhookWithStats>

export const WebhookListQuery = Type.Object(
  { dialect: Type.Optional(dialect) },
  { additionalProperties: false },
)
export type WebhookListQuery = Static<typeof WebhookListQuery>

const url = Type.String({
  minLength: 1,
  maxLength: 8192,
  description:
    'Https only, unless `PARLEY_FETCH_ALLOW` opens the address; private ones are refused likewise.',
})
const WISH = {
  description: Type.Optional(nullable(Type.String({ maxLength: 2000 }))),
  events: Type.Optional(
    Type.Array(Type.String({ maxLength: 100 }), {
      minItems: 1,
      maxItems: 100,
      description: 'In the words of its dialect; `*`, by default, is all of them.',
    }),
  ),
  headers: Type.Optional(
    Type.Record(Type.String(), Type.String({ maxLength: 4000 }), {
      description: 'At most 20 to send along; what frames a request or proves its sender is ours alone.',
    }),
  ),
  signature: Type.Optional(signature),
  timeoutSeconds: Type.Optional(
    nullable(Type.Integer({ minimum: 1, maximum: 60, description: 'For one try as a whole.' })),
  ),
  maxAttempts: Type.Optional(
    nullable(
      Type.Integer({ minimum: 1, maximum: 20, description: 'At most those of the dialect’s schedule.' }),
    ),
  ),
  isActive: Type.Optional(Type.Boolean()),
}
const givenSecret = Type.Optional(
  Type.String({
    maxLength: 255,
    description: '`whsec_` and 24 to 64 bytes in base64; a random one by default.',
  }),
)

export const CreateWebhookBody = Type.Object(
  { url, dialect: Type.Optional(dialect), secret: givenSecret, ...WISH },
  { additionalProperties: false },
)
export type CreateWebhookBody = Static<typeof CreateWebhookBody>

export const UpdateWebhookBody = Type.Object(
  { url: Type.Optional(url), ...WISH },
  { additionalProperties: false },
)
export type UpdateWebhookBody = Static<typeof UpdateWebhookBody>

export const RotateSecretBody = orNothing(
  Type.Object({ secret: givenSecret }, { additionalProperties: false }),
)
export type RotateSecretBody = Static<typeof RotateSecretBody>

/** What goes out: an event as `GET /events` has it, and what it is about. */
export interface ToldBody {
  id: string
  type: EventType | 'webhook.test'
  timestamp: string
  accountId: string
  silent: boolean
  conversationId?: string
  data: EventBody['data'] | { webhookId: string }
  message?: MessageViewBody
  conversation?: Omit<ConversationBody, 'lastMessage'>
  contact?: ContactBody
  channel?: ChannelBody
  bot?: BotBody
}
