import type { Static } from 'typebox'
import { Type } from 'typebox'
import { CHANNEL_SECRETS, type ChannelSecret } from '../../../application/channels/rotate-secret.ts'
import type { ChannelKind, ChannelStatus, ChannelTransport } from '../../../domain/channel.ts'
import { CHANNEL_KINDS } from '../../../domain/channel.ts'
import { born, nullable, publicIdOf, word } from './fields.ts'
import { GivenWidget, WidgetBody } from './widget.ts'

const metadata = Type.Record(Type.String(), Type.Unknown(), {
  description: 'Whatever you keep with the channel; at most 16 KB of JSON.',
})
const name = Type.String({ minLength: 1, maxLength: 255 })
const webhookUrl = Type.String({
  maxLength: 8192,
  description:
    'Where a custom app receives operators’ messages. Private addresses are refused, here and at each sending, unless ' +
    '`PARLEY_FETCH_ALLOW` opens them.',
})

const CHANNEL = {
  id: publicIdOf('ch'),
  number: Type.Integer(),
  kind: word<ChannelKind>(CHANNEL_KINDS),
  transport: word<ChannelTransport>(['custom_app', 'webchat', 'sandbox'], 'What moves its messages.'),
  name: Type.String(),
  status: word<ChannelStatus>(['active', 'inactive', 'error', 'pending']),
  customAppId: nullable(Type.String()),
  webhookUrl: nullable(
    Type.String({ description: 'For whoever may change it; others see where it is, not what it carries.' }),
  ),
  widgetKey: nullable(Type.String({ description: 'Public key of a web chat.' })),
  groupId: nullable(publicIdOf('group')),
  defaultBotId: nullable(publicIdOf('bot')),
  metadata,
  widget: nullable(WidgetBody),
  retentionDays: nullable(Type.Integer({ description: 'Messages older than this are deleted.' })),
  ...born,
}
export const ChannelBody = Type.Object(CHANNEL)
export type ChannelBody = Static<typeof ChannelBody>

export const ChannelWithSecrets = Type.Object({
  ...CHANNEL,
  token: nullable(
    Type.String({ description: 'A custom app’s token; shown this once. Null when it was not made now.' }),
  ),
  secretKey: nullable(
    Type.String({
      description: 'Signs a web chat’s visitor fields; shown this once. Null when it was not made now.',
    }),
  ),
})
export type ChannelWithSecrets = Static<typeof ChannelWithSecrets>

export const CreateChannelBody = Type.Object(
  {
    kind: word<ChannelKind>(CHANNEL_KINDS, 'All but `custom_app` and `webchat` are moved by the sandbox.'),
    name,
    customAppId: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 255,
        description: 'The custom app’s own id, unique in the account.',
      }),
    ),
    webhookUrl: Type.Optional(webhookUrl),
    groupId: Type.Optional(publicIdOf('group')),
    defaultBotId: Type.Optional(publicIdOf('bot')),
    metadata: Type.Optional(metadata),
    widget: Type.Optional(GivenWidget),
  },
  { additionalProperties: false },
)
export type CreateChannelBody = Static<typeof CreateChannelBody>

export const UpdateChannelBody = Type.Object(
  {
    name: Type.Optional(name),
    webhookUrl: Type.Optional(nullable(webhookUrl)),
    groupId: Type.Optional(nullable(publicIdOf('group'))),
    defaultBotId: Type.Optional(nullable(publicIdOf('bot'))),
    metadata: Type.Optional(metadata),
    widget: Type.Optional(GivenWidget),
  },
  { additionalProperties: false },
)
export type UpdateChannelBody = Static<typeof UpdateChannelBody>

export const RotateBody = Type.Object(
  {
    what: word<ChannelSecret>(
      CHANNEL_SECRETS,
      '`token` of a custom app; `secretKey` or `widgetKey` of a web chat.',
    ),
  },
  { additionalProperties: false },
)
export type RotateBody = Static<typeof RotateBody>

export const RemoveChannelQuery = Type.Object(
  {
    force: Type.Optional(
      word(
        ['true', 'false'],
        'Closes the conversations that are not closed; without it they refuse it: 409.',
      ),
    ),
  },
  { additionalProperties: false },
)
export type RemoveChannelQuery = Static<typeof RemoveChannelQuery>
