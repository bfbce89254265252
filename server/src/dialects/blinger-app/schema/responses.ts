import { Type } from 'typebox'
import type { Static } from 'typebox'
import {
  nullableBoolean,
  nullableFacts,
  nullableInteger,
  nullableText,
  nullableTexts,
  nullableUnixTime,
  unixTime,
} from './nullable.ts'

const {
  Array: list,
  Boolean: flag,
  Integer: integer,
  Object: object,
  Optional: optional,
  String: text,
} = Type

const userFields = {
  id: integer(),
  service_blinger_id: integer({ description: 'The account' }),
  blinger_user_id: integer(),
  is_active: flag(),
  date_updated: unixTime(),
  date_created: unixTime(),
  tags: nullableTexts(),
  name: nullableText(),
  role: text({ enum: ['default', 'customer'], description: '`customer` is the channel, `default` a client' }),
  avatar: nullableText(),
  application: text(),
  service_user_id: nullableText('The client’s id inside the messenger'),
  status: text({ enum: ['enabled', 'disabled'] }),
  group_id: nullableInteger(),
  is_comments: nullableBoolean(),
  page_url: nullableText(),
  page_title: nullableText(),
  extra_fields: nullableFacts(),
  extra_field_secret_key: text(),
  custom_name: nullableText(),
}

/** The channel inside a conversation: 20 keys. */
export const ChannelUser = object(userFields, { title: 'ChannelUser' })
export type ChannelUser = Static<typeof ChannelUser>

/** A client, or a channel, by itself: four keys more. */
export const User = object(
  {
    ...userFields,
    dialog_id: nullableText(),
    comments_group_id: nullableText(),
    phone: nullableText(),
    service_user_nickname: nullableText(),
  },
  { title: 'User' },
)
export type User = Static<typeof User>

const status = text({ enum: ['unassigned', 'inbox', 'closed'] })

export const Conversation = object(
  {
    id: integer(),
    user_id: integer({ description: 'The account’s owner' }),
    operator_user_id: nullableInteger(),
    from_blinger_user_id: integer(),
    to_blinger_user_id: integer(),
    from_user_name: text(),
    to_user_name: text(),
    application: text(),
    last_message: nullableText(),
    unread_count: integer(),
    status,
    date_created: unixTime(),
    date_updated: unixTime(),
    from_user_avatar: nullableText(),
    is_outgoing: flag(),
    token: text(),
    is_new_conversation: flag(),
    waiting_operator_response: flag(),
    group_id: nullableInteger(),
    is_inner_message: nullableBoolean(),
    is_operator_last_message: flag(),
    is_group_closed: flag(),
    close_group: nullableInteger(),
    type: text(),
    comment_post_id: nullableText(),
    comment_post_url: nullableText(),
    comment_post_title: nullableText(),
    comment_post_img: nullableText(),
    unassigned_date: nullableUnixTime(),
    last_message_date: nullableUnixTime(),
    from_user_custom_name: nullableText(),
    toBlingerUser: ChannelUser,
  },
  { title: 'Conversation' },
)
export type Conversation = Static<typeof Conversation>

export const Message = object(
  {
    id: integer(),
    from_blinger_user_id: integer(),
    to_blinger_user_id: integer(),
    blinger_message_id: nullableInteger('Null for notes'),
    application: text(),
    type: text({ enum: ['text', 'image', 'file'] }),
    message: text({ description: 'The text, or the URL of the file' }),
    date_updated: unixTime(),
    date_created: unixTime(),
    is_outgoing: flag(),
    status: text({ enum: ['sent', 'delivered', 'read', 'error'] }),
    is_inner_message: flag(),
    date_read: nullableUnixTime(),
    date_real: integer({ description: 'When it happened: unix time in 1/10 000 s' }),
    error: nullableText(),
    is_history: flag(),
    echo: flag(),
    echo_outgoing: flag(),
  },
  { title: 'Message' },
)
export type Message = Static<typeof Message>

const unassignedRow = {
  id: integer(),
  group_id: nullableInteger(),
  status,
  application: text(),
  from_blinger_user_id: integer(),
  from_user_name: text(),
  is_new_conversation: flag(),
  unassigned_date: nullableUnixTime(),
  custom_name: nullableText(),
}
export const UnassignedRow = object(unassignedRow, { title: 'UnassignedRow' })
export type UnassignedRow = Static<typeof UnassignedRow>
export const UnassignedRows = list(UnassignedRow)

export const TakenRow = object(
  {
    id: integer(),
    group_id: nullableInteger(),
    operator_user_id: nullableInteger(),
    status,
    application: text(),
    from_blinger_user_id: integer(),
    from_user_name: text(),
    is_new_conversation: flag(),
    unread_count: integer(),
    last_message_date: nullableUnixTime(),
    custom_name: nullableText(),
    operator_email: nullableText(),
  },
  { title: 'TakenRow' },
)
export type TakenRow = Static<typeof TakenRow>
export const TakenRows = list(TakenRow)

const messageRow = object({
  id: integer(),
  message: text(),
  type: text(),
  date_created: unixTime(),
  operator_id: optional(integer({ description: 'Only of messages an operator wrote' })),
})
export type MessageRow = Static<typeof messageRow>

export const Correspondence = object(
  {
    conversation_id: integer(),
    operator_id: nullableInteger(),
    from_blinger_user_id: integer(),
    to_blinger_user_id: integer(),
    from_user: User,
    to_user: User,
    application: text(),
    status,
    date_created: unixTime(),
    date_updated: unixTime(),
    messages: list(messageRow),
  },
  { title: 'Correspondence' },
)
export type Correspondence = Static<typeof Correspondence>

export const Operator = object(
  {
    id: integer(),
    user_id: integer(),
    owner_user_id: integer(),
    invite_email: nullableText(),
    conversations_token: text(),
  },
  { title: 'Operator' },
)
export type Operator = Static<typeof Operator>
export const Operators = list(Operator)

export const CreatedOperator = object({
  invite_email: nullableText(),
  owner_user_id: integer(),
  id: integer(),
  user_id: integer(),
})
export type CreatedOperator = Static<typeof CreatedOperator>

export const Group = object(
  {
    id: integer(),
    user_id: integer({ description: 'The account’s owner' }),
    title: text(),
    priority: integer(),
    color: text(),
    is_default: flag(),
  },
  { title: 'Group' },
)
export type Group = Static<typeof Group>
export const Groups = list(Group)

export const Done = object({ success: flag() })
