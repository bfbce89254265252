import type { Static } from 'typebox'
import { Type } from 'typebox'
import { MessageBody, StateBody } from './objects.ts'
import { NOTHING_MORE, nullable, seq } from './values.ts'

export const SocketQuery = Type.Object(
  { widget: Type.String({ minLength: 1, maxLength: 100, description: 'The widget key.' }) },
  NOTHING_MORE,
)
export type SocketQuery = Static<typeof SocketQuery>

const place = Type.Integer({ minimum: 0, maximum: 2_147_483_647 })
const frame = <Name extends string, Fields extends Parameters<typeof Type.Object>[0]>(
  type: Name,
  fields: Fields,
) => Type.Object({ type: Type.Literal(type), ...fields })

/** What visitors say. Fields that are not known are passed over: a newer widget may say more. */
export const VisitorFrame = Type.Union([
  frame('hello', { after: place, token: Type.Optional(Type.String({ minLength: 1, maxLength: 1000 })) }),
  frame('send', { id: Type.String({ maxLength: 100 }), text: Type.String({ maxLength: 10_000 }) }),
  frame('seen', { receivedSeq: Type.Optional(place), readSeq: Type.Optional(place) }),
  frame('typing', { isTyping: Type.Boolean() }),
  frame('page', {
    url: nullable(Type.String({ maxLength: 8192 })),
    title: nullable(Type.String({ maxLength: 1000 })),
  }),
  frame('beat', {}),
])
export type VisitorFrame = Static<typeof VisitorFrame>
export type HelloFrame = Extract<VisitorFrame, { type: 'hello' }>

export const TypingBody = Type.Object({ isTyping: Type.Boolean() }, NOTHING_MORE)
export type TypingBody = Static<typeof TypingBody>

export const UpdatesQuery = Type.Object(
  {
    after: seq('The last `seq` that is known; 0 for none.'),
    state: Type.Optional(Type.String({ maxLength: 100, description: 'The `version` of the answer before.' })),
    wait: Type.Optional(
      Type.Integer({ minimum: 0, maximum: 25, description: 'Seconds to wait at most; 0.' }),
    ),
  },
  NOTHING_MORE,
)
export type UpdatesQuery = Static<typeof UpdatesQuery>

export const Updates = Type.Object({
  messages: Type.Array(MessageBody),
  hasMore: Type.Boolean(),
  state: StateBody,
  version: Type.String({ description: 'Of the state: given as `state` the next time.' }),
  isReset: Type.Boolean({ description: 'The `seq` given was never given here: read anew.' }),
})
export type UpdatesBody = Static<typeof Updates>
