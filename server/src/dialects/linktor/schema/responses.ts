import type { TSchema } from 'typebox'
import { Type } from 'typebox'

const Id = (prefix: string) => Type.String({ description: `\`${prefix}…\`` })
const Time = Type.String({ format: 'date-time', description: 'UTC, to the second.' })
const Metadata = Type.Object({}, { additionalProperties: true })
const Status = Type.String({ enum: ['open', 'pending', 'snoozed', 'closed'] })
const Direction = Type.String({ enum: ['inbound', 'outbound'] })
const MessageStatus = Type.String({ enum: ['pending', 'sent', 'delivered', 'read', 'failed'] })
const Count = Type.Integer({ minimum: 0 })

const ChannelRef = Type.Object({
  id: Id('ch_'),
  type: Type.String({ description: '`whatsapp`, `telegram`, `email`, `webchat` or `custom`.' }),
  name: Type.String(),
})
const AssigneeRef = Type.Object({
  id: Id('user_` or `bot_'),
  type: Type.String({ enum: ['user', 'bot'] }),
  name: Type.String(),
})
const BotRef = Type.Object({ id: Id('bot_'), name: Type.String(), active: Type.Boolean() })
const Doer = Type.Object({ id: Id('user_'), name: Type.String() })

/** Which keys stand beside `type` depends on it; see the request's variants. */
const Content = Type.Object({
  type: Type.String({
    enum: ['text', 'image', 'document', 'audio', 'video', 'location', 'buttons', 'template'],
  }),
  text: Type.Optional(Type.String()),
  quickReplies: Type.Optional(Type.Array(Type.Object({ id: Type.String(), title: Type.String() }))),
  url: Type.Optional(Type.String()),
  caption: Type.Optional(Type.String()),
  filename: Type.Optional(Type.String()),
  latitude: Type.Optional(Type.Number()),
  longitude: Type.Optional(Type.Number()),
  name: Type.Optional(Type.String()),
  address: Type.Optional(Type.String()),
  buttons: Type.Optional(
    Type.Array(
      Type.Object({
        type: Type.String(),
        id: Type.Optional(Type.String()),
        title: Type.String(),
        url: Type.Optional(Type.String()),
      }),
    ),
  ),
  template: Type.Optional(Type.Object({}, { additionalProperties: true })),
})

const contactKeys = {
  id: Id('contact_'),
  name: Type.String(),
  phone: Type.Optional(Type.String()),
}
const avatar = Type.Optional(Type.String())
const ContactBrief = Type.Object({ ...contactKeys, avatar })
const ContactFull = Type.Object({
  ...contactKeys,
  email: Type.Optional(Type.String()),
  avatar,
  metadata: Metadata,
})
const ContactNew = Type.Object(contactKeys)

const MessageBrief = Type.Object({ id: Id('msg_'), content: Content, direction: Direction, timestamp: Time })

const resource = <Attributes extends TSchema>(type: string, attributes: Attributes) =>
  Type.Object({ id: Type.String(), type: Type.String({ enum: [type] }), attributes })
const single = <Resource extends TSchema>(data: Resource) => Type.Object({ data })
const conversation = <Attributes extends TSchema>(attributes: Attributes) =>
  single(resource('conversation', attributes))

const Pagination = Type.Object({
  pagination: Type.Object({ page: Count, perPage: Count, totalPages: Count, totalCount: Count }),
})
const paged = <Item extends TSchema>(item: Item) => Type.Object({ data: Type.Array(item), meta: Pagination })

export const ConversationList = paged(
  resource(
    'conversation',
    Type.Object({
      status: Status,
      channel: ChannelRef,
      contact: ContactBrief,
      assignee: Type.Optional(AssigneeRef),
      lastMessage: Type.Optional(MessageBrief),
      unreadCount: Count,
      messageCount: Count,
      metadata: Metadata,
      createdAt: Time,
      updatedAt: Time,
    }),
  ),
)

export const ConversationDetail = single(
  Type.Object({
    id: Id('conv_'),
    type: Type.String({ enum: ['conversation'] }),
    attributes: Type.Object({
      status: Status,
      channel: ChannelRef,
      contact: ContactFull,
      assignee: Type.Optional(AssigneeRef),
      bot: Type.Optional(BotRef),
      unreadCount: Count,
      messageCount: Count,
      firstMessageAt: Type.Optional(Time),
      lastMessageAt: Type.Optional(Time),
      metadata: Metadata,
      tags: Type.Array(Type.String()),
      createdAt: Time,
      updatedAt: Time,
    }),
    relationships: Type.Optional(
      Type.Object(
        { messages: Type.Array(MessageBrief) },
        { description: 'Only with `includeMessages=true`.' },
      ),
    ),
  }),
)

export const ConversationCreated = conversation(
  Type.Object({
    status: Status,
    channel: ChannelRef,
    contact: ContactNew,
    assignee: Type.Optional(AssigneeRef),
    bot: Type.Optional(BotRef),
    unreadCount: Count,
    messageCount: Count,
    metadata: Metadata,
    tags: Type.Array(Type.String()),
    createdAt: Time,
    updatedAt: Time,
  }),
)

export const ConversationUpdated = conversation(
  Type.Object({
    status: Status,
    priority: Type.String({ enum: ['low', 'normal', 'high', 'urgent'] }),
    metadata: Metadata,
    tags: Type.Array(Type.String()),
    updatedAt: Time,
  }),
)

export const ConversationClosed = conversation(
  Type.Object({
    status: Status,
    closedAt: Time,
    closedBy: Doer,
    resolution: Type.Optional(Type.String({ enum: ['resolved', 'unresolved', 'spam'] })),
    closureReason: Type.Optional(Type.String()),
  }),
)

const neverClosed = 'Absent when it was open all along.'

export const ConversationReopened = conversation(
  Type.Object({
    status: Status,
    reopenedAt: Type.Optional(Type.String({ format: 'date-time', description: neverClosed })),
    reopenedBy: Type.Optional(Type.Object(Doer.properties, { description: neverClosed })),
  }),
)

export const ConversationAssigned = conversation(
  Type.Object({ assignee: AssigneeRef, assignedAt: Time, assignedBy: Doer }),
)

export const ConversationTransferred = conversation(
  Type.Object({
    assignee: AssigneeRef,
    previousAssignee: Type.Union([AssigneeRef, Type.Null()]),
    transferredAt: Time,
    transferredBy: Doer,
    reason: Type.Optional(Type.String()),
    summary: Type.Optional(Type.String()),
  }),
)

export const Participants = Type.Object({
  data: Type.Array(
    Type.Object({
      id: Type.String(),
      type: Type.String({ enum: ['contact', 'user', 'bot'] }),
      attributes: Type.Object({
        name: Type.String(),
        phone: Type.Optional(Type.String()),
        email: Type.Optional(Type.String()),
        role: Type.String({ enum: ['customer', 'agent', 'bot'] }),
      }),
    }),
  ),
})

export const MessageSent = single(
  resource(
    'message',
    Type.Object({
      conversationId: Id('conv_'),
      channelId: Id('ch_'),
      direction: Direction,
      from: Type.String(),
      to: Type.String(),
      content: Content,
      status: MessageStatus,
      metadata: Metadata,
      externalId: Type.Optional(Type.String()),
      createdAt: Time,
      sentAt: Type.Optional(Time),
    }),
  ),
)

export const MessageList = Type.Object({
  data: Type.Array(
    resource(
      'message',
      Type.Object({ direction: Direction, content: Content, status: MessageStatus, createdAt: Time }),
    ),
  ),
  meta: Type.Object({
    cursor: Type.Object({ next: Type.Optional(Type.String()), hasMore: Type.Boolean() }),
  }),
})

export const ChannelList = paged(
  resource(
    'channel',
    Type.Object({
      name: Type.String(),
      channelType: Type.String(),
      status: Type.String({ enum: ['active', 'inactive', 'error', 'pending'] }),
      config: Type.Object({}, { additionalProperties: true }),
      stats: Type.Object({ messagesReceived24h: Count, messagesSent24h: Count, activeConversations: Count }),
      webhookUrl: Type.Optional(Type.String()),
      createdAt: Time,
      updatedAt: Time,
    }),
  ),
)

export const Failure = Type.Object({
  error: Type.Object({
    code: Type.String(),
    message: Type.String(),
    details: Type.Optional(Type.Array(Type.Object({ field: Type.String(), message: Type.String() }))),
    retryAfter: Type.Optional(
      Type.Integer({ minimum: 1, description: 'With `429`: seconds until the next request is allowed.' }),
    ),
  }),
  meta: Type.Object({ requestId: Type.String() }),
})
