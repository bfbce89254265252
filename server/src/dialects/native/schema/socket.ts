import type { Static } from 'typebox'
import { Type } from 'typebox'
import { givenId, NOTHING_MORE, nullable, word } from './values.ts'

export const SocketQuery = Type.Object(
  {
    account: Type.Optional(
      Type.String({
        maxLength: 255,
        description: 'Which account, for people who work in several: `acc_…` or its number.',
      }),
    ),
  },
  NOTHING_MORE,
)
export type SocketQuery = Static<typeof SocketQuery>

const state = word(['online', 'away'] as const)
const frame = <Name extends string, Fields extends Parameters<typeof Type.Object>[0]>(
  type: Name,
  fields: Fields,
) => Type.Object({ type: Type.Literal(type), ...fields })

/** What clients say. Fields that are not known are passed over: a newer client may say more. */
export const ClientFrame = Type.Union([
  frame('hello', {
    after: Type.Optional(Type.String({ maxLength: 255 })),
    presence: Type.Optional(state),
    token: Type.Optional(Type.String({ minLength: 1, maxLength: 512 })),
  }),
  frame('typing', { conversationId: givenId('`conv_…`'), isTyping: Type.Boolean() }),
  frame('viewing', { conversationId: nullable(givenId('`conv_…`')) }),
  frame('presence', { state }),
  frame('beat', {}),
])
export type ClientFrame = Static<typeof ClientFrame>
export type HelloFrame = Extract<ClientFrame, { type: 'hello' }>

export const TypingBody = Type.Object({ isTyping: Type.Boolean() }, NOTHING_MORE)
export type TypingBody = Static<typeof TypingBody>
