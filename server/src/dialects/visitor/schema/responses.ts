import type { Static } from 'typebox'
import { Type } from 'typebox'
import { MessageBody, StateBody, VisitorBody, WidgetBody } from './objects.ts'
import { nullable } from './values.ts'

const Problem = Type.Object(
  {
    type: Type.String({ description: 'A URI of this kind of problem.' }),
    title: Type.String(),
    status: Type.Integer(),
    detail: Type.String({ description: 'What is wrong this time, for people.' }),
    code: Type.String({ description: 'What is wrong, for programs.' }),
    field: Type.Optional(Type.String()),
  },
  { description: 'RFC 9457 problem.' },
)
const problem = { description: 'A problem.', content: { 'application/problem+json': { schema: Problem } } }

export const problems = {
  ...{ 400: problem, 401: problem, 403: problem, 404: problem, 409: problem, 413: problem, 429: problem },
  503: problem,
}

/** An answer without a body. */
export const nothing = { description: 'Done.', type: 'null' }

export const SessionBody = Type.Object({
  token: Type.String({ description: 'The visitor’s credential; kept by the browser, never in a URL.' }),
  visitor: VisitorBody,
  identityRefused: nullable(Type.String({ description: 'Why what the site said was not believed.' })),
  widget: WidgetBody,
  state: StateBody,
  messages: Type.Array(MessageBody, { description: 'The newest thirty, oldest first.' }),
  hasMore: Type.Boolean({ description: 'There are older ones.' }),
})
export type SessionBody = Static<typeof SessionBody>

export const MessagePage = Type.Object({ items: Type.Array(MessageBody), hasMore: Type.Boolean() })
export type MessagePage = Static<typeof MessagePage>
