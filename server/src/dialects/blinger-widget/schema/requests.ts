import { Type } from 'typebox'

// What is documented here is what to send. What is understood is wider (README, "Leniency"), so accept.ts reads it.

const uuid = Type.Optional(
  Type.String({
    format: 'uuid',
    description: 'Unique id of the message, chosen by the caller. Sent again, it does not write again.',
  }),
)
const agentId = Type.Optional(
  Type.String({
    format: 'uuid',
    description: 'Extension: the agent in whose name to write; without it the end user is the author.',
  }),
)

export const conversationPath = Type.Object({ id: Type.String({ description: 'ID of the conversation.' }) })
export const agentPath = Type.Object({ id: Type.String({ description: 'ID of the agent.' }) })

export const assignAgent = Type.Object({ agentId: Type.String({ description: 'ID of the agent.' }) })

export const sendText = Type.Object({
  uuid,
  text: Type.String({ minLength: 1, description: 'Simple text message.' }),
  agentId,
})

export const sendFile = Type.Object({
  uuid,
  file: Type.String({ description: 'URL of the file; it is fetched and stored here.' }),
  agentId,
})

const agentFields = {
  serviceUserId: Type.String({
    minLength: 1,
    maxLength: 255,
    description: 'ID of the agent in your service; unique.',
  }),
  name: Type.String({ minLength: 1, maxLength: 255 }),
  status: Type.Optional(Type.Unsafe<'online' | 'offline'>({ type: 'string', enum: ['online', 'offline'] })),
  avatar: Type.Optional(
    Type.Union([Type.String(), Type.Null()], { description: 'URL of a picture; null takes it away.' }),
  ),
  active: Type.Optional(Type.Boolean()),
}

export const createAgent = Type.Object(agentFields)
export const updateAgent = Type.Partial(createAgent)
