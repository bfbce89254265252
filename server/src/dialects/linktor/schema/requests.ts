import { Type } from 'typebox'

const METADATA_NOTE = 'At most 64 kB of JSON, nested at most 20 levels.'

const metadata = (description: string) =>
  Type.Optional(
    Type.Object({}, { additionalProperties: true, description: `${description} ${METADATA_NOTE}` }),
  )

const tags = Type.Optional(
  Type.Array(Type.String({ minLength: 1, maxLength: 100 }), { maxItems: 100, description: 'Tag strings.' }),
)

const words = (description: string, maxLength = 20_000) =>
  Type.Optional(Type.String({ maxLength, description }))

const someId = (description: string) => Type.String({ minLength: 1, maxLength: 255, description })

export const ConversationParams = Type.Object({
  id: Type.String({ description: 'Conversation id, `conv_…`.' }),
})

export const NewContact = Type.Object(
  {
    phone: Type.Optional(
      Type.String({ pattern: '^\\+[1-9]\\d{7,14}$', description: 'E.164, with its plus.' }),
    ),
    email: Type.Optional(Type.String({ minLength: 3, maxLength: 254 })),
    name: Type.Optional(Type.String({ minLength: 1, maxLength: 255 })),
  },
  { description: 'Who to talk to when `contactId` is not given; a phone or an email is needed.' },
)

export const CreateConversationBody = Type.Object({
  channelId: someId('Channel to use.'),
  contactId: Type.Optional(someId('An existing contact; it wins over `contact`.')),
  contact: Type.Optional(NewContact),
  assigneeId: Type.Optional(someId('User or bot to assign.')),
  botId: Type.Optional(someId('Bot to handle the conversation.')),
  metadata: metadata('Custom metadata; merged when a closed conversation is opened again.'),
  tags,
})

export const UpdateConversationBody = Type.Object({
  status: Type.Optional(
    Type.Enum(['open', 'pending', 'snoozed', 'closed'], {
      description: '`closed` closes, anything else opens a closed one.',
    }),
  ),
  snoozedUntil: Type.Optional(
    Type.String({
      maxLength: 40,
      description: 'ISO 8601; only with status `snoozed`. An extension of ours.',
    }),
  ),
  priority: Type.Optional(
    Type.Enum(['low', 'normal', 'high', 'urgent', 'medium'], {
      description: '`medium` is taken as `normal`.',
    }),
  ),
  metadata: metadata('Merged with the existing metadata; a key set to null is removed.'),
  tags,
})

export const CloseConversationBody = Type.Object({
  reason: words('Closure reason.', 2000),
  resolution: Type.Optional(Type.Enum(['resolved', 'unresolved', 'spam'])),
  notes: words('Internal notes, kept as a note in the conversation.'),
})

export const AssignConversationBody = Type.Object({
  assigneeId: someId('User id or bot id.'),
  assigneeType: Type.Optional(
    Type.Enum(['user', 'bot'], { description: 'Detected from the id when absent.' }),
  ),
  note: words('Assignment note, kept as a note in the conversation.'),
})

export const TransferConversationBody = Type.Object({
  toAssigneeId: someId('New assignee: user id or bot id.'),
  reason: words('Transfer reason.', 2000),
  summary: words('Summary for the new assignee, kept as a note in the conversation.'),
  notifyContact: Type.Optional(Type.Boolean({ description: 'Tell the contact.' })),
})
