import type { TSchema } from 'typebox'
import { Type } from 'typebox'
import { Agent, Conversation, Message } from './objects.ts'

const Failure = Type.Object({
  error: Type.String({ description: 'What is wrong, for people.' }),
  status: Type.Integer({ description: 'The HTTP status again.' }),
})

const refusals = { 400: Failure, 401: Failure, 403: Failure, 404: Failure, 413: Failure, 503: Failure }

const success = <Data extends TSchema>(data: Data) => ({
  200: Type.Object({ status: Type.Integer({ description: 'Always 200.' }), data }),
  ...refusals,
})

export const oneConversation = success(Conversation)
export const oneMessage = success(Message)
export const oneAgent = success(Agent)
export const manyAgents = success(Type.Array(Agent))
