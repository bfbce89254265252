import type { Static } from 'typebox'
import { Type } from 'typebox'
import type { ResetReason } from '../../../domain/event-log.ts'

const PROBLEM = {
  type: Type.String({ description: 'A URI of this kind of problem.' }),
  title: Type.String(),
  status: Type.Integer(),
  detail: Type.String({ description: 'What is wrong this time, for people.' }),
  code: Type.String({ description: 'What is wrong, for programs.' }),
}
const Problem = Type.Object(PROBLEM, { description: 'RFC 9457 problem.' })

const problem = { description: 'A problem.', content: { 'application/problem+json': { schema: Problem } } }

/** An answer without a body. */
export const nothing = { description: 'Done.', type: 'null' }

export const problems = {
  ...{ 400: problem, 401: problem, 403: problem, 404: problem, 409: problem, 422: problem, 503: problem },
}

export const Message = Type.Object({
  id: Type.String({ description: '`msg_…`' }),
  conversationId: Type.String({ description: '`conv_…`' }),
  channelId: Type.String({ description: '`ch_…`' }),
  contactId: Type.String({ description: '`contact_…`' }),
  seq: Type.Integer({ description: 'Place in its conversation: 1, 2, 3 … without holes.' }),
  direction: Type.Unsafe<'inbound' | 'outbound'>({ type: 'string', enum: ['inbound', 'outbound'] }),
  text: Type.String(),
  createdAt: Type.String({ format: 'date-time' }),
})
export type MessageBody = Static<typeof Message>

const CursorReset = Type.Object(
  {
    ...PROBLEM,
    reason: Type.Unsafe<ResetReason>({
      type: 'string',
      enum: ['expired', 'restored'],
      description:
        '`expired`: events after the cursor are no longer kept. `restored`: the database is not the one the cursor was read from.',
    }),
    cursor: Type.String({ description: 'Where to begin anew: before the oldest event kept.' }),
  },
  { description: 'RFC 9457 problem.' },
)
export type CursorResetBody = Static<typeof CursorReset>

export const cursorReset = {
  410: {
    description: 'Events were missed, and cannot be made up for: `code` is `cursor_reset`.',
    content: { 'application/problem+json': { schema: CursorReset } },
  },
}
