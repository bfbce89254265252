import type { TObject } from 'typebox'
import { Type } from 'typebox'

const text = Type.String({ minLength: 1, maxLength: 65_536 })
const url = Type.String({
  minLength: 1,
  maxLength: 2048,
  description: 'Fetched once and kept on this server.',
})
const caption = Type.Optional(Type.String({ maxLength: 65_536 }))
const title = Type.String({ minLength: 1, maxLength: 255 })

export const QuickReply = Type.Object({ id: Type.String({ minLength: 1, maxLength: 255 }), title })

export const Button = Type.Object({
  type: Type.Enum(['reply', 'url']),
  id: Type.Optional(Type.String({ minLength: 1, maxLength: 255, description: 'Required of a `reply`.' })),
  title,
  url: Type.Optional(Type.String({ minLength: 1, maxLength: 2048, description: 'Required of a `url`.' })),
})

export const Template = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 512 }),
    language: Type.Optional(
      Type.Union([Type.String({ minLength: 1, maxLength: 35 }), Type.Object({ code: Type.String() })]),
    ),
    components: Type.Optional(
      Type.Array(Type.Object({ type: Type.String() }, { additionalProperties: true }), { maxItems: 50 }),
    ),
  },
  { additionalProperties: true },
)

export const TextContent = Type.Object({
  type: Type.Literal('text'),
  text,
  quickReplies: Type.Optional(Type.Array(QuickReply, { maxItems: 50 })),
})
export const ImageContent = Type.Object({ type: Type.Literal('image'), url, caption })
export const DocumentContent = Type.Object({
  type: Type.Literal('document'),
  url,
  filename: Type.Optional(Type.String({ maxLength: 255 })),
  caption,
})
export const AudioContent = Type.Object({ type: Type.Literal('audio'), url })
export const VideoContent = Type.Object({ type: Type.Literal('video'), url, caption })
export const LocationContent = Type.Object({
  type: Type.Literal('location'),
  latitude: Type.Number({ minimum: -90, maximum: 90 }),
  longitude: Type.Number({ minimum: -180, maximum: 180 }),
  name: Type.Optional(Type.String({ maxLength: 1000 })),
  address: Type.Optional(Type.String({ maxLength: 1000 })),
})
export const ButtonsContent = Type.Object({
  type: Type.Literal('buttons'),
  text,
  buttons: Type.Array(Button, { minItems: 1, maxItems: 50 }),
})
export const TemplateContent = Type.Object({ type: Type.Literal('template'), template: Template })

/** What each content type consists of. */
export const CONTENTS = {
  text: TextContent,
  image: ImageContent,
  document: DocumentContent,
  audio: AudioContent,
  video: VideoContent,
  location: LocationContent,
  buttons: ButtonsContent,
  template: TemplateContent,
} satisfies Record<string, TObject>

export type ContentType = keyof typeof CONTENTS

export function isContentType(text: unknown): text is ContentType {
  return typeof text === 'string' && Object.hasOwn(CONTENTS, text)
}

export const SendMessageBody = Type.Object({
  channelId: Type.String({ minLength: 1, maxLength: 255, description: 'Channel to use.' }),
  conversationId: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 255,
      description: 'An existing conversation on that channel; it wins over `to`.',
    }),
  ),
  to: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 255,
      description:
        'Required without `conversationId`: a phone number on WhatsApp, an email address, else the provider’s id.',
    }),
  ),
  content: Type.Union(Object.values(CONTENTS)),
  metadata: Type.Optional(
    Type.Object(
      {},
      { additionalProperties: true, description: 'At most 64 kB of JSON, nested at most 20 levels.' },
    ),
  ),
  scheduledAt: Type.Optional(
    Type.String({
      maxLength: 40,
      description: 'ISO 8601. A moment that has passed sends now; a future one is refused.',
    }),
  ),
})
