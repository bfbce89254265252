import { Type } from 'typebox'

// Queries arrive as texts and are read by `query.ts`; these schemas are their documentation.

const page = Type.Optional(Type.Integer({ minimum: 1, default: 1, description: 'Page number.' }))
const perPage = Type.Optional(
  Type.Integer({ minimum: 1, default: 20, description: 'Items per page; more than 100 counts as 100.' }),
)
const filter = (description: string) => Type.Optional(Type.String({ description }))

export const ListConversationsQuery = Type.Object({
  page,
  perPage,
  status: Type.Optional(
    Type.Enum(['open', 'pending', 'snoozed', 'closed'], { description: 'Filter by status.' }),
  ),
  channelId: filter('Filter by channel id.'),
  channelType: filter('Filter by channel type.'),
  assigneeId: filter('Filter by assignee: a user who has it, or a bot that has it or whose turn it is.'),
  contactId: filter('Filter by contact id.'),
  botId: filter('Filter by the bot that handles it.'),
  startDate: filter('Created at or after (ISO 8601 time or date, UTC unless it says otherwise).'),
  endDate: filter('Created at or before; a bare date includes that day.'),
  search: filter('Case-insensitive, in the contact’s name or any message text.'),
  sortBy: Type.Optional(
    Type.Enum(['createdAt', 'updatedAt', 'lastMessageAt', 'status', 'priority', 'unreadCount'], {
      default: 'updatedAt',
    }),
  ),
  sortOrder: Type.Optional(Type.Enum(['asc', 'desc'], { default: 'desc' })),
})

export const GetConversationQuery = Type.Object({
  includeMessages: Type.Optional(Type.Boolean({ default: false, description: 'Include recent messages.' })),
  messageLimit: Type.Optional(
    Type.Integer({
      minimum: 1,
      default: 20,
      description: 'Messages to include; more than 100 counts as 100.',
    }),
  ),
})

export const ListMessagesQuery = Type.Object({
  cursor: filter('`meta.cursor.next` of an earlier answer.'),
  limit: Type.Optional(
    Type.Integer({ minimum: 1, default: 50, description: 'Messages per page; more than 100 counts as 100.' }),
  ),
  direction: Type.Optional(
    Type.Enum(['before', 'after'], {
      default: 'before',
      description: 'Relative to the cursor: `before` is newest first, `after` oldest first.',
    }),
  ),
})

export const ListChannelsQuery = Type.Object({
  page,
  perPage,
  type: filter('Filter by channel type.'),
  status: Type.Optional(
    Type.Enum(['active', 'inactive', 'error', 'pending'], { description: 'Filter by status.' }),
  ),
  search: filter('Case-insensitive, in the channel’s name.'),
})
