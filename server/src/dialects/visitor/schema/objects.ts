import type { Static } from 'typebox'
import { Type } from 'typebox'
import type { MessageKind } from '../../../domain/message.ts'
import { CARD_FIELDS, CARD_MOMENTS, REPLY_TIMES } from '../../../domain/widget.ts'
import { moment, nullable, seq, uuid, word } from './values.ts'

const face = {
  id: nullable(uuid()),
  name: nullable(Type.String()),
  avatarUrl: nullable(Type.String()),
}

export const ReviewBody = Type.Object({
  id: uuid(),
  mark: Type.Integer({ description: '0 until rated, then 1 to 5.' }),
  text: Type.String(),
  isConfirmed: Type.Boolean({ description: 'Final.' }),
  createdAt: moment,
})
export type ReviewBody = Static<typeof ReviewBody>

const FileBody = Type.Object({
  url: Type.String(),
  previewUrl: nullable(Type.String({ description: 'A picture fitted into 520 × 400.' })),
  name: nullable(Type.String()),
  mimeType: Type.String(),
  size: Type.Integer({ description: 'Bytes.' }),
  width: nullable(Type.Integer()),
  height: nullable(Type.Integer()),
})
export type FileBody = Static<typeof FileBody>

const KINDS = [
  ...(['text', 'image', 'file', 'audio', 'video'] as const),
  ...(['location', 'template', 'buttons', 'review'] as const),
] satisfies MessageKind[]

export const MessageBody = Type.Object({
  id: uuid('The one its sender gave it, where it is a visitor’s.'),
  seq: seq('Its place in the conversation; the places of what a visitor does not see are left out.'),
  kind: word(KINDS),
  text: Type.String(),
  author: Type.Object({ kind: word(['visitor', 'operator', 'bot', 'system']), ...face }),
  file: nullable(FileBody),
  details: nullable(
    Type.Object({}, { additionalProperties: true, description: 'Of a location, a template or buttons.' }),
  ),
  review: nullable(ReviewBody),
  status: word(['sent', 'delivered', 'read', 'failed']),
  createdAt: moment,
})
export type MessageBody = Static<typeof MessageBody>

export const StateBody = Type.Object({
  conversationId: nullable(uuid('Null until the visitor has written.')),
  lastSeq: seq(),
  readSeq: seq('How far this visitor has read.'),
  teamReadSeq: seq('How far somebody of the team has read.'),
  unreadCount: Type.Integer({ description: 'Messages of the team after `readSeq`.' }),
  isLocked: Type.Boolean({ description: 'Nothing more can be written.' }),
  isTeamOnline: Type.Boolean(),
  assignee: nullable(Type.Object({ kind: word(['operator', 'bot']), ...face })),
  reviews: Type.Array(ReviewBody, { description: 'The last five, oldest first.' }),
})
export type StateBody = Static<typeof StateBody>

export const VisitorBody = Type.Object({
  id: uuid(),
  name: nullable(Type.String()),
  email: nullable(Type.String()),
  phone: nullable(Type.String()),
  isVerified: Type.Boolean({ description: 'The site vouches for who this is.' }),
})
export type VisitorBody = Static<typeof VisitorBody>

const cardFields = Type.Array(word(CARD_FIELDS))

export const WidgetBody = Type.Object({
  name: Type.String(),
  color: Type.String(),
  position: word(['right', 'left']),
  title: nullable(Type.String()),
  welcome: nullable(Type.String()),
  offline: nullable(Type.String()),
  isPoweredShown: Type.Boolean(),
  card: Type.Object({ when: word(CARD_MOMENTS), fields: cardFields, required: cardFields }),
  operators: Type.Array(Type.Object(face), { description: 'At most three who may answer.' }),
  replyTime: nullable(word(REPLY_TIMES)),
  hours: nullable(
    Type.Object({
      timeZone: Type.String(),
      days: Type.Array(
        Type.Object({
          day: Type.Integer({ description: 'Monday is 1.' }),
          from: Type.String(),
          to: Type.String(),
        }),
      ),
      isOpen: Type.Boolean(),
      opensAt: nullable(moment),
    }),
  ),
})
export type WidgetBody = Static<typeof WidgetBody>
