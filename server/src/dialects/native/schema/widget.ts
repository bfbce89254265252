import type { Static } from 'typebox'
import { Type } from 'typebox'
import { CARD_FIELDS, CARD_MOMENTS, REPLY_TIMES, WIDGET_LANGUAGES } from '../../../domain/widget.ts'
import { nullable, word } from './fields.ts'

const closed = { additionalProperties: false } as const
const text = nullable(Type.String({ maxLength: 1000 }))
const texts = { title: text, welcome: text, offline: text }
const ofLanguage = Type.Object(texts, closed)
const cardFields = Type.Array(word(CARD_FIELDS), { uniqueItems: true })

const WIDGET = {
  allowedOrigins: Type.Array(Type.String({ maxLength: 255 }), {
    maxItems: 100,
    description:
      'Pages that may use the chat, such as `https://shop.example`; `http://localhost:*` is any port. None lets any page in.',
  }),
  color: Type.String({ maxLength: 7, description: '`#rrggbb`.' }),
  position: word(['right', 'left']),
  isPoweredShown: Type.Boolean(),
  texts: Type.Object(
    {
      ...texts,
      byLanguage: Type.Object(
        Object.fromEntries(WIDGET_LANGUAGES.map((language) => [language, Type.Optional(ofLanguage)])),
        { ...closed, description: 'In place of the general ones, for pages in these languages.' },
      ),
    },
    closed,
  ),
  card: Type.Object(
    {
      when: word(CARD_MOMENTS, 'When visitors are asked who they are; `offline`: while the team is away.'),
      fields: cardFields,
      required: cardFields,
    },
    closed,
  ),
  replyTime: nullable(word(REPLY_TIMES, 'How long answers usually take.')),
  hours: nullable(
    Type.Object(
      {
        timeZone: Type.String({ maxLength: 64, description: 'Such as `Europe/Oslo`.' }),
        days: Type.Array(
          Type.Object(
            {
              day: Type.Integer({ minimum: 1, maximum: 7, description: 'Monday is 1.' }),
              from: Type.String({ maxLength: 5, description: '`HH:MM`.' }),
              to: Type.String({ maxLength: 5, description: '`HH:MM`, up to `24:00`; after `from`.' }),
            },
            closed,
          ),
          { maxItems: 50 },
        ),
      },
      closed,
    ),
  ),
  isIdentityRequired: Type.Boolean({ description: 'Only visitors whom the site vouches for are let in.' }),
}

export const WidgetBody = Type.Object(WIDGET, { description: 'How a web chat is set up.' })

export const GivenWidget = Type.Object(
  Object.fromEntries(Object.entries(WIDGET).map(([name, schema]) => [name, Type.Optional(schema)])) as {
    [Name in keyof typeof WIDGET]: ReturnType<typeof Type.Optional<(typeof WIDGET)[Name]>>
  },
  { ...closed, description: 'Of a web chat only. Parts that are not given stay.' },
)
export type GivenWidget = Static<typeof GivenWidget>
