import type { Static } from 'typebox'
import { Type } from 'typebox'
import { CHANNEL_KINDS } from '../../../domain/channel.ts'
import { CONVERSATION_STATUSES, PRIORITIES, RESOLUTIONS } from '../../../domain/conversation.ts'
import type { Doer } from '../../../domain/actor.ts'
import {
  cursor,
  givenId,
  idOf,
  limit,
  listOf,
  metadata,
  moment,
  NOTHING_MORE,
  nullable,
  number,
  orNothing,
  tags,
  time,
  word,
  words,
} from './values.ts'
import { FirstMessage, MessageView } from './messages.ts'

const Somebody = Type.Object(
  {
    kind: word<Doer['kind']>(['operator', 'bot', 'contact', 'token', 'system']),
    id: nullable(Type.String()),
    name: Type.String(),
  },
  { description: 'Who, by the name they had then.' },
)

export const ConversationView = Type.Object({
  ...{ id: idOf('conv'), number },
  status: word(CONVERSATION_STATUSES),
  priority: word(PRIORITIES),
  tags: Type.Array(Type.String()),
  metadata: Type.Object({}, { additionalProperties: true }),
  note: nullable(Type.String({ description: 'What operators wrote about the conversation.' })),
  channel: Type.Object({ ...{ id: idOf('ch'), number }, kind: word(CHANNEL_KINDS), name: Type.String() }),
  contact: Type.Object({
    ...{ id: idOf('contact'), number },
    name: Type.String({
      description: 'What operators call them, else their own name, else how the channel knows them.',
    }),
    phone: nullable(Type.String()),
    email: nullable(Type.String()),
    externalId: Type.String({ description: 'How the channel’s provider knows them.' }),
    isVerified: Type.Boolean({ description: 'A web chat’s site vouches for who this is.' }),
    avatarUrl: nullable(Type.String()),
  }),
  assignee: nullable(
    Type.Object({ kind: word(['operator', 'bot'] as const), id: Type.String(), name: Type.String() }),
  ),
  bot: nullable(
    Type.Object({
      id: idOf('bot'),
      name: Type.String(),
      isActive: Type.Boolean({ description: 'It is its turn.' }),
    }),
  ),
  group: nullable(Type.Object({ id: idOf('group'), number, title: Type.String() })),
  lastMessage: nullable(MessageView),
  unreadCount: Type.Integer(),
  messageCount: Type.Integer({ description: 'Without notes and system lines.' }),
  lastSeq: Type.Integer({ description: 'The `seq` of the newest entry, notes and system lines too.' }),
  isWaiting: Type.Boolean({ description: 'The contact waits for an answer.' }),
  isNew: Type.Boolean({ description: 'Nobody took it yet.' }),
  isLocked: Type.Boolean({ description: 'Nothing the contact writes comes in.' }),
  episodeId: nullable(idOf('ep')),
  assignedAt: nullable(moment()),
  snoozedUntil: nullable(moment()),
  closedAt: nullable(moment('The last time.')),
  closedBy: nullable(Somebody),
  closureReason: nullable(Type.String()),
  resolution: nullable(word(RESOLUTIONS)),
  reopenedAt: nullable(moment()),
  lastMessageAt: nullable(moment()),
  lastInboundAt: nullable(moment()),
  createdAt: moment(),
  updatedAt: moment(),
})
export type ConversationBody = Static<typeof ConversationView>
export const ConversationList = listOf(ConversationView)

export const ListConversationsQuery = Type.Object(
  {
    limit,
    cursor,
    status: Type.Optional(word(CONVERSATION_STATUSES)),
    queue: Type.Optional(
      word(
        ['unassigned', 'unread', 'unanswered'] as const,
        'Not closed, and: nobody of the operators has it; one has it, and it is unread; one has it, and the contact waits.',
      ),
    ),
    channelId: Type.Optional(givenId('On this channel.')),
    contactId: Type.Optional(givenId('With this contact.')),
    groupId: Type.Optional(givenId('Of this group.')),
    assignee: Type.Optional(
      givenId(
        '`op_…`: this operator has it. `bot_…`: this bot has it, or it is its turn. `none`: nobody has it.',
      ),
    ),
    tag: Type.Optional(words(100, 'With this tag, letter by letter.')),
    search: Type.Optional(
      words(
        200,
        'Words somebody said in it, or part of the contact’s name. With `status`, `channelId`, `contactId` and `assignee` only.',
      ),
    ),
  },
  NOTHING_MORE,
)
export type ListConversationsQuery = Static<typeof ListConversationsQuery>

export const CreateConversationBody = Type.Object(
  {
    channelId: givenId('Where to talk.'),
    contactId: Type.Optional(givenId('A known contact.')),
    contact: Type.Optional(
      Type.Object(
        {
          phone: Type.Optional(words(40)),
          email: Type.Optional(words(254)),
          username: Type.Optional(words(255, 'How the channel’s provider knows them.')),
          name: Type.Optional(words(255)),
        },
        {
          ...NOTHING_MORE,
          description: 'What is known of somebody; whoever has this phone or e-mail is met again.',
        },
      ),
    ),
    address: Type.Optional(
      words(
        255,
        'A phone number on WhatsApp, an e-mail address on e-mail, elsewhere the provider’s id or `+` and a phone number.',
      ),
    ),
    message: Type.Optional(FirstMessage),
    assigneeId: Type.Optional(givenId('An operator or a bot to have it.')),
    botId: Type.Optional(givenId('A bot to handle it.')),
    tags: Type.Optional(tags),
    metadata: Type.Optional(metadata('For programs.')),
  },
  { ...NOTHING_MORE, description: 'With one of `contactId`, `contact` and `address`.' },
)
export type CreateConversationBody = Static<typeof CreateConversationBody>

export const UpdateConversationBody = Type.Object(
  {
    status: Type.Optional(
      word(['open', 'pending', 'closed'] as const, 'To snooze, and to close with a reason, there are deeds.'),
    ),
    priority: Type.Optional(word(PRIORITIES)),
    tags: Type.Optional(tags),
    metadata: Type.Optional(metadata('Merged with what is there; a key set to null is removed.')),
    note: Type.Optional(nullable(Type.String({ maxLength: 20_000 }))),
  },
  NOTHING_MORE,
)
export type UpdateConversationBody = Static<typeof UpdateConversationBody>

const note = Type.Optional(
  Type.String({ maxLength: 20_000, description: 'Left as a note in the conversation.' }),
)
export const AssignBody = Type.Object({ assigneeId: givenId('An operator or a bot.'), note }, NOTHING_MORE)
export type AssignBody = Static<typeof AssignBody>
export const TransferBody = Type.Object(
  {
    assigneeId: givenId('An operator or a bot.'),
    reason: Type.Optional(
      Type.String({ maxLength: 2000, description: 'Left as a note, before the summary.' }),
    ),
    summary: note,
    notifyContact: Type.Optional(Type.Boolean({ description: 'Tell the contact; false.' })),
  },
  NOTHING_MORE,
)
export type TransferBody = Static<typeof TransferBody>
export const GroupBody = Type.Object({ groupId: givenId('Whose it is to be.') }, NOTHING_MORE)
export type GroupBody = Static<typeof GroupBody>
export const SnoozeBody = orNothing(
  Type.Object(
    { until: Type.Optional(time('When it opens by itself; without it, when the contact writes.')) },
    NOTHING_MORE,
  ),
)
export type SnoozeBody = Static<typeof SnoozeBody>
export const CloseBody = orNothing(
  Type.Object(
    {
      reason: Type.Optional(Type.String({ maxLength: 2000 })),
      resolution: Type.Optional(word(RESOLUTIONS)),
      note,
    },
    NOTHING_MORE,
  ),
)
export type CloseBody = Static<typeof CloseBody>

export const Participants = Type.Object({
  contact: Type.Object({ id: idOf('contact'), name: Type.String() }),
  operators: Type.Array(Type.Object({ id: idOf('op'), number, name: Type.String() })),
  bots: Type.Array(Type.Object({ id: idOf('bot'), number, name: Type.String() })),
})
export type ParticipantsBody = Static<typeof Participants>

export const ListTagsQuery = Type.Object(
  { limit, cursor, prefix: Type.Optional(words(100, 'Tags that begin so, letter by letter.')) },
  NOTHING_MORE,
)
export type ListTagsQuery = Static<typeof ListTagsQuery>
export const TagList = listOf(Type.String())
