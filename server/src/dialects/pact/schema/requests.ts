import { Type } from 'typebox'

/** What the documents promise. Accepting is wider (see README): nothing here is enforced, `accept.ts` decides. */

const flag = (description: string) => Type.Optional(Type.Boolean({ description }))
const phone = (extra = '') =>
  Type.String({
    description: `Digits with country code, in format 79250000001${extra}`,
    examples: ['4790000101'],
  })

export const CompanyPath = Type.Object({ cid: Type.Integer({ description: 'ID of the company' }) })
export const ChannelPath = Type.Object({
  cid: Type.Integer({ description: 'ID of the company' }),
  chid: Type.Integer({ description: 'ID of the channel' }),
})
export const ConversationPath = Type.Object({
  cid: Type.Integer({ description: 'ID of the company' }),
  id: Type.Integer({ description: 'ID of the conversation' }),
})
export const JobPath = Type.Object({
  cid: Type.Integer({ description: 'ID of the company' }),
  chid: Type.Integer({ description: 'ID of the channel' }),
  id: Type.Integer({ description: 'ID of the delivery job' }),
})

const clearable = (description: string) =>
  Type.Optional(Type.Unsafe<string | null>({ type: ['string', 'null'], description }))

export const ChangedCompany = Type.Object({
  name: Type.Optional(Type.String({ maxLength: 255, description: 'Name of the company' })),
  phone: clearable('Digits with country code, in format 79250000001; empty or null clears it'),
  description: clearable('Empty or null clears it'),
  webhook_url: clearable('Where webhooks are sent, https. Empty or null ends them'),
  hidden: flag('Accepted, and without effect: there is no list of companies to hide it from'),
})

export const PageQuery = Type.Object({
  from: Type.Optional(
    Type.String({
      maxLength: 255,
      description:
        'Token of the next page, from the answer before. An empty or invalid one begins anew. Alias: `from_`',
    }),
  ),
  per: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, default: 50, description: 'Rows on a page' })),
  sort_direction: Type.Optional(
    Type.String({
      enum: ['asc', 'desc'],
      default: 'asc',
      description: 'Without it the direction of the token holds. Alias: `sort`',
    }),
  ),
})

export const NewConversation = Type.Object({
  provider: Type.String({ enum: ['whatsapp', 'telegram_personal'] }),
  phone: Type.Optional(phone('. For telegram_personal either phone or username')),
  username: Type.Optional(Type.String({ maxLength: 255, description: 'telegram_personal only' })),
  text: Type.Optional(
    Type.String({
      description: 'The first message. Required for telegram_personal; for whatsapp by setting',
    }),
  ),
  send_to_crm: flag('Sync the initializing message to CRM integrations. Default: true'),
})

export const WriteFirst = Type.Object({
  phone: phone(),
  message: Type.String({ description: 'Message text. Alias: `text`' }),
  send_to_crm: flag('Sync the message to CRM integrations. Default: true'),
})

export const Note = Type.Object({ note: Type.String({ description: 'Note text; empty clears it' }) })

export const Assignment = Type.Object({
  assignee_id: Type.Optional(
    Type.Unsafe<number | null>({
      type: ['integer', 'null'],
      description: 'ID of an operator; absent, empty or null takes the conversation from whoever has it',
    }),
  ),
})

export const Toggle = Type.Object({
  enabled: flag('The new value; without it the value is flipped'),
})

export const Upload = Type.Object({
  file: Type.Optional(Type.Unsafe<string>({ type: 'string', format: 'binary', description: 'The file' })),
  file_url: Type.Optional(
    Type.String({ description: 'Where to download it, http or https. Exactly one of file and file_url' }),
  ),
  push_to_talk: flag('Send audio as a voice message'),
})

export const NewMessage = Type.Object({
  message: Type.Optional(Type.String({ description: 'Text; with files the caption of the first' })),
  attachments_ids: Type.Optional(
    Type.Array(Type.Integer(), {
      maxItems: 100,
      description: 'Uploads to this conversation that no message has consumed yet',
    }),
  ),
  interactive: Type.Optional(
    Type.Object(
      { type: Type.String({ enum: ['button'] }), buttons: Type.Array(Type.String(), { maxItems: 20 }) },
      { description: 'Buttons under the message, which is then required' },
    ),
  ),
  send_to_crm: flag('Sync the message to CRM integrations. Default: true'),
})
