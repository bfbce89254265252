import type { Static } from 'typebox'
import { Type } from 'typebox'
import {
  MESSAGE_STATUSES,
  type AuthorKind,
  type Direction,
  type MessageKind,
} from '../../../domain/message.ts'
import {
  givenId,
  idOf,
  limit,
  metadata,
  moment,
  NOTHING_MORE,
  nullable,
  number,
  word,
  words,
} from './values.ts'

const KINDS: MessageKind[] = [
  ...(['text', 'image', 'file', 'audio', 'video', 'location', 'template', 'buttons'] as const),
  ...(['note', 'review', 'system'] as const),
]

export const FileView = Type.Object({
  ...{ id: idOf('file'), number },
  kind: word(['image', 'audio', 'video', 'file'] as const, 'By its content.'),
  name: nullable(Type.String({ description: 'As its sender called it.' })),
  ...{
    mimeType: Type.String(),
    size: Type.Integer(),
    width: nullable(Type.Integer()),
    height: nullable(Type.Integer()),
  },
  url: Type.String({ description: 'Whoever knows it may read the file.' }),
  createdAt: moment(),
})
export type FileBody = Static<typeof FileView>

export const MessageView = Type.Object({
  ...{ id: idOf('msg'), number, conversationId: idOf('conv'), channelId: idOf('ch') },
  seq: Type.Integer({ description: 'Place in its conversation: 1, 2, 3 … The oldest may be gone.' }),
  kind: word(KINDS, '`note` and `system` are seen by operators only.'),
  direction: word<Direction>(['inbound', 'outbound']),
  author: Type.Object({
    kind: word<AuthorKind>(['contact', 'operator', 'bot', 'system']),
    id: nullable(Type.String({ description: '`contact_…`, `op_…` or `bot_…`; null for the system.' })),
  }),
  text: Type.String({ description: 'Of a file, its caption; empty when there are no words.' }),
  file: nullable(FileView),
  details: nullable(
    Type.Object(
      {},
      { additionalProperties: true, description: 'What a location, buttons or a template consist of.' },
    ),
  ),
  status: word(MESSAGE_STATUSES, 'It only moves forward.'),
  error: nullable(Type.String({ description: 'Why the last attempt failed.' })),
  sentAt: nullable(moment()),
  deliveredAt: nullable(moment()),
  readAt: nullable(moment()),
  reviewId: nullable(idOf('review')),
  clientId: nullable(Type.String({ description: 'The sender’s own key.' })),
  metadata: Type.Object({}, { additionalProperties: true }),
  occurredAt: moment('When it happened at its source.'),
  createdAt: moment('When it was stored here.'),
})
export type MessageViewBody = Static<typeof MessageView>

export const MessageList = Type.Object({
  items: Type.Array(MessageView, { description: 'Oldest first.' }),
  hasMore: Type.Boolean({ description: 'There is more in the direction that was asked for.' }),
})
export type MessageListBody = Static<typeof MessageList>

const seq = (description: string) =>
  Type.Optional(Type.Integer({ minimum: 0, maximum: 2_147_483_647, description }))
export const ListMessagesQuery = Type.Object(
  {
    limit,
    afterSeq: seq('The first ones after this place.'),
    beforeSeq: seq('The last ones before this place. Without either the last ones of all.'),
  },
  NOTHING_MORE,
)
export type ListMessagesQuery = Static<typeof ListMessagesQuery>

const Button = Type.Object(
  {
    type: word(['reply', 'url'] as const),
    title: words(255),
    id: Type.Optional(words(255, 'Required of a `reply`.')),
    url: Type.Optional(words(2048, 'Required of a `url`.')),
  },
  NOTHING_MORE,
)
const Location = Type.Object(
  {
    latitude: Type.Number({ minimum: -90, maximum: 90 }),
    longitude: Type.Number({ minimum: -180, maximum: 180 }),
    name: Type.Optional(words(1000)),
    address: Type.Optional(words(1000)),
  },
  NOTHING_MORE,
)
const File = Type.Object(
  {
    id: Type.Optional(givenId('An upload of this conversation, `file_…`; it is good for one message.')),
    url: Type.Optional(words(2048, 'Fetched once and kept on this server.')),
    name: Type.Optional(words(255, 'What to call a fetched file.')),
  },
  { ...NOTHING_MORE, description: 'By `id` or by `url`.' },
)
const clientId = Type.Optional(
  words(
    255,
    'A key of the sender’s choice: the same one in a conversation is the same message, however often it is sent.',
  ),
)

/** What can be said without a file. */
const SAYING = {
  text: Type.Optional(Type.String({ maxLength: 65_536, description: 'The words; of a file, its caption.' })),
  buttons: Type.Optional(Type.Array(Button, { minItems: 1, maxItems: 50, description: 'Below the text.' })),
  location: Type.Optional(Location),
  metadata: Type.Optional(metadata('For programs; the contact does not see it.')),
  clientId,
}
export const FirstMessage = Type.Object(SAYING, { ...NOTHING_MORE, description: 'The first thing to say.' })
export type FirstMessage = Static<typeof FirstMessage>
export const SendMessageBody = Type.Object(
  { ...SAYING, file: Type.Optional(File) },
  {
    ...NOTHING_MORE,
    description: 'Text, text with buttons, a file with or without a caption, or a location.',
  },
)
export type SendMessageBody = Static<typeof SendMessageBody>

export const NoteBody = Type.Object(
  { text: words(65_536, 'Seen by operators only.'), clientId },
  NOTHING_MORE,
)
export type NoteBody = Static<typeof NoteBody>

export const UploadBody = Type.Object(
  {
    url: Type.Optional(
      words(
        2048,
        'Fetched once and kept on this server. Or send the file itself as `multipart/form-data`, in a part called `file`.',
      ),
    ),
  },
  NOTHING_MORE,
)
export type UploadBody = Static<typeof UploadBody>
