import type { TSchema } from 'typebox'
import { Type } from 'typebox'

const nullable = <T>(type: string, description?: string) =>
  Type.Unsafe<T | null>({ type: [type, 'null'], ...(description && { description }) })

const birth = {
  created_at: Type.String({ description: 'ISO 8601, UTC, with milliseconds' }),
  created_at_timestamp: Type.Integer({ description: 'The same instant in Unix seconds' }),
}

const ok = <T extends TSchema>(data: T) => Type.Object({ status: Type.Literal('ok'), data })
const page = <T extends TSchema>(plural: string, row: T) =>
  ok(
    Type.Object({
      [plural]: Type.Array(row),
      next_page: Type.Optional(Type.String({ description: 'Absent on the last page' })),
    }),
  )

const Company = Type.Object({
  external_id: Type.Integer(),
  external_uuid: Type.String(),
  name: Type.String(),
  phone: nullable<string>('string'),
  description: nullable<string>('string'),
  webhook_url: nullable<string>('string'),
})

export const UpdatedAnswer = Type.Object({
  status: Type.Literal('updated'),
  data: Type.Object({ external_id: Type.Integer() }),
})

const Channel = Type.Object({ external_id: Type.Integer(), provider: Type.String() })

const conversation = {
  external_id: Type.Integer(),
  name: Type.String(),
  channel_id: Type.Integer(),
  channel_type: Type.String(),
  ...birth,
  avatar: Type.String(),
  sender_external_id: Type.String(),
  meta: Type.Object({}, { additionalProperties: true }),
}
const Conversation = Type.Object(conversation)
const Toggled = Type.Object({
  ...conversation,
  last_message_at: Type.Integer({ description: 'Unix seconds; 0 when there is none' }),
  last_income_message_at: Type.Integer({ description: 'Unix seconds; 0 when there is none' }),
  bitrix_block_openlines: Type.Boolean(),
})
const ConversationName = Type.Object({ external_id: Type.Integer() })

const Attachment = Type.Object({
  external_id: Type.Integer(),
  url: Type.String(),
  file_name: Type.String(),
  mime_type: Type.String(),
  size: Type.Integer(),
})

const Message = Type.Object({
  external_id: Type.Integer(),
  channel_id: Type.Integer(),
  channel_type: Type.String(),
  message: Type.String(),
  income: Type.Boolean({ description: 'Whether the contact wrote it' }),
  ...birth,
  attachments: Type.Array(Attachment),
})

const Job = Type.Object({
  id: Type.Integer(),
  company_id: Type.Integer(),
  channel: Type.Object({ id: Type.Integer(), type: Type.String() }),
  conversation_id: Type.Integer(),
  state: Type.String({ enum: ['trying_deliver', 'delivered', 'not_delivered'] }),
  message_id: nullable<number>('integer', 'The message, once its transport has accepted it'),
  details: Type.Unsafe<{ result: string; reason?: string } | null>({
    type: ['object', 'null'],
    properties: {
      result: { type: 'string', enum: ['DELIVERED', 'NOT DELIVERED'] },
      reason: { type: 'string' },
    },
    required: ['result'],
  }),
  created_at: Type.Integer({ description: 'Unix seconds' }),
})

export const CompanyPage = page('companies', Company)
export const CompanyAnswer = ok(Type.Object({ company: Company }))
export const ChannelPage = page('channels', Channel)
export const ConversationPage = page('conversations', Conversation)
export const ConversationAnswer = ok(Type.Object({ conversation: Conversation }))
export const ToggledAnswer = ok(Type.Object({ conversation: Toggled }))
export const AssignedAnswer = ok(Type.Object({ conversation: ConversationName }))
export const NotedAnswer = Type.Object({ status: Type.Literal('updated') })
export const MessagePage = page('messages', Message)
export const JobAnswer = ok(Job)
export const UploadedAnswer = ok(
  Type.Object({
    external_id: Type.Integer({ description: 'ID of the attachment' }),
    conversation: ConversationName,
  }),
)

const ErrorAnswer = Type.Object({
  status: Type.Literal('errored'),
  errors: Type.Array(
    Type.Object({
      status: Type.Integer(),
      code: Type.String(),
      title: Type.String(),
      detail: Type.String(),
    }),
  ),
})

/** Success is 200 and never 201: clients compare. */
export const answers = (success: TSchema) => ({ 200: success, '4xx': ErrorAnswer, '5xx': ErrorAnswer })
