import { Type } from 'typebox'
import type { TProperties } from 'typebox'

// Documentation: `accept.ts` decides what is taken (README, "Leniency"), so these describe and do not refuse.

const conversation_id = Type.Integer({ description: 'Id of the conversation' })
const operator_id = Type.Optional(Type.Integer({ description: 'Operator or user id. Default - Admin' }))
const group_id = Type.Integer({ description: 'Id of the operator group' })
const disable_webhook = Type.Optional(
  Type.Integer({
    enum: [0, 1],
    description: '1 keeps webhooks from telling what this call does. Default - 0',
  }),
)
const blinger_user_id = Type.Integer({ description: 'Also understood as `user_id` and as `id`' })

/** All three mean the same. */
const consumes = ['application/json', 'application/x-www-form-urlencoded', 'multipart/form-data']

const body = (properties: TProperties) => ({ consumes, body: Type.Object(properties) })
const query = (properties: TProperties) => ({ querystring: Type.Object(properties) })

export const MOVE = body({ conversation_id, operator_id, disable_webhook })
export const ASSIGN_OPERATOR = body({
  conversation_id,
  operator_id: Type.Integer({ description: 'Whom to give it to' }),
  disable_webhook,
})
export const ASSIGN_GROUP = body({ conversation_id, group_id, disable_webhook })

export const SEND_TEXT = body({ conversation_id, text: Type.String(), operator_id, disable_webhook })
export const SEND_FILE = body({
  conversation_id,
  file_url: Type.String({ format: 'uri', description: 'http or https; the file is fetched and hosted here' }),
  operator_id,
  disable_webhook,
})

const groupFilter = Type.Optional(Type.Integer({ description: 'Only of this operator group' }))
const operatorFilter = Type.Optional(Type.Integer({ description: 'Only of this operator' }))
export const UNASSIGNED = query({ group_id: groupFilter })
export const TAKEN = query({ operator_id: operatorFilter, group_id: groupFilter })
export const GET_CONVERSATION = query({ conversation_id })

export const NOTHING = query({})
export const CREATE_OPERATOR = body({
  operator_email: Type.String({ format: 'email' }),
  operator_password: Type.String({ maxLength: 256 }),
  disable_webhook,
})
export const DELETE_OPERATOR = body({ operator_id: Type.Integer(), disable_webhook })

export const GET_USER = query({ blinger_user_id })
export const UPDATE_USER = body({
  blinger_user_id,
  custom_name: Type.Optional(Type.Unsafe<string | null>({ type: ['string', 'null'], maxLength: 255 })),
  phone: Type.Optional(Type.Unsafe<string | null>({ type: ['string', 'null'] })),
  tags: Type.Optional(Type.Unsafe<string[] | null>({ type: ['array', 'null'], items: { type: 'string' } })),
  extra_fields: Type.Optional(Type.Unsafe<object | null>({ type: ['object', 'null'] })),
  disable_webhook,
})

const varchar = (description: string) => Type.String({ maxLength: 255, description })
export const CUSTOM_APP_MESSAGE = body({
  custom_channel_id: varchar('Custom app ID'),
  client_id: varchar('The end user’s id in your system'),
  client_name: Type.Optional(varchar('Name of the end user')),
  client_phone: Type.Optional(varchar('Left out when it is not a phone number')),
  info: Type.Optional(
    Type.Unsafe<object | string>({
      type: ['object', 'string'],
      description: 'More about the end user: an object, or its JSON text',
    }),
  ),
  type: Type.Unsafe<string>({ type: 'string', enum: ['text', 'image', 'file'] }),
  data: Type.String({ description: 'The text, or the URL of the file' }),
  echo: Type.Optional(Type.Boolean({ description: 'It took place elsewhere and is only mirrored' })),
  echo_outgoing: Type.Optional(Type.Boolean({ description: 'The mirrored message went to the end user' })),
  message_id: Type.Optional(varchar('Your id of the message: sent again, it is the same message')),
  disable_webhook,
})
