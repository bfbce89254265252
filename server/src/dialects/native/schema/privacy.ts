import type { Static } from 'typebox'
import { Type } from 'typebox'
import { ContactInFull } from './contacts.ts'
import { ConversationView } from './conversations.ts'
import { idOf, moment, NOTHING_MORE, nullable } from './values.ts'
import { FileView, MessageView } from './messages.ts'

const ToldEvent = Type.Object({
  id: Type.String({ description: '`evt_…`' }),
  type: Type.String(),
  occurredAt: moment(),
})

/** One document, written as it is read: what is in `conversations` may be very long. */
export const ContactExport = Type.Object({
  exportedAt: moment(),
  contact: ContactInFull,
  conversations: Type.Array(
    Type.Object({
      conversation: ConversationView,
      episodes: Type.Array(Type.Object({}, { additionalProperties: true })),
      reviews: Type.Array(Type.Object({}, { additionalProperties: true })),
      messages: Type.Array(MessageView, { description: 'Notes about the contact too.' }),
      files: Type.Array(FileView),
      events: Type.Array(ToldEvent),
    }),
  ),
  events: Type.Array(ToldEvent, { description: 'Those about the contact alone.' }),
})

const days = Type.Integer({ minimum: 1, maximum: 36_500 })
export const PreviewRetentionQuery = Type.Object({ days: Type.Optional(days) }, NOTHING_MORE)
export type PreviewRetentionQuery = Static<typeof PreviewRetentionQuery>
export const SetRetentionBody = Type.Object({ days: nullable(days) }, NOTHING_MORE)
export type SetRetentionBody = Static<typeof SetRetentionBody>

export const Retention = Type.Object({
  channelId: idOf('ch'),
  days: nullable(
    Type.Integer({ description: 'Messages older than so many days are deleted; null keeps them.' }),
  ),
})
export type RetentionBody = Static<typeof Retention>

export const RetentionPreview = Type.Object({
  channelId: idOf('ch'),
  days: nullable(Type.Integer()),
  before: nullable(moment('What is older goes.')),
  messages: Type.Integer(),
  files: Type.Integer(),
  conversations: Type.Integer({ description: 'Closed ones in which nothing would be left.' }),
  oldestAt: nullable(moment()),
})
export type RetentionPreviewBody = Static<typeof RetentionPreview>
