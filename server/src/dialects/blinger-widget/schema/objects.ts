import type { Static } from 'typebox'
import { Type } from 'typebox'

const Uuid = (description: string) => Type.String({ format: 'uuid', description })
const born = {
  createdAt: Type.Integer({ description: 'Unix seconds.' }),
  updatedAt: Type.Integer({ description: 'Unix seconds.' }),
}

export const File = Type.Object(
  {
    id: Uuid('Name of the file.'),
    type: Type.Unsafe<'image' | 'file'>({ type: 'string', enum: ['image', 'file'] }),
    meta: Type.Object(
      { width: Type.Optional(Type.Integer()), height: Type.Optional(Type.Integer()) },
      { description: 'Pixels of a picture; empty for other files.' },
    ),
    info: Type.Object({
      name: Type.String({ description: 'Short name under which the file is stored.' }),
      ext: Type.String({ description: 'Extension that fits the content, without the dot.' }),
      mimeType: Type.String(),
      size: Type.Integer({ description: 'Bytes.' }),
      path: Type.String({ description: 'Path of the file, below the origin of this server.' }),
    }),
    url: Type.Object(
      {
        '120x120': Type.Optional(Type.String({ description: 'Pictures only: fitted into this box.' })),
        '520x400': Type.Optional(Type.String({ description: 'Pictures only: fitted into this box.' })),
        default: Type.String({ description: 'The file as it was received.' }),
      },
      { description: 'Where to load the file from.' },
    ),
    ...born,
  },
  { description: 'A stored file.' },
)

export const Agent = Type.Object(
  {
    id: Uuid('Name of the agent.'),
    serviceUserId: Type.Union([Type.String(), Type.Null()], {
      description: 'Id of the agent in the service that registered it; null for operators who sign in here.',
    }),
    name: Type.String(),
    status: Type.Unsafe<'online' | 'offline'>({ type: 'string', enum: ['online', 'offline'] }),
    avatar: Type.Union([File, Type.Null()]),
    active: Type.Boolean(),
    ...born,
  },
  { description: 'Somebody who answers.' },
)

export const EndUser = Type.Object(
  {
    id: Uuid('Name of the end user.'),
    websocketToken: Type.String({ description: 'JWT (HS256) whose payload is `{"sub": "<id>"}`.' }),
    ...born,
  },
  { description: 'The visitor who writes.' },
)

export const Bot = Type.Object(
  { id: Uuid('Name of the bot.'), name: Type.String(), ...born },
  { description: 'A program that answers.' },
)

export const Review = Type.Object(
  {
    id: Uuid('Name of the review.'),
    agent: Type.Union([Agent, Type.Null()], { description: 'The assigned agent whose help is rated.' }),
    endUser: EndUser,
    mark: Type.Integer({ minimum: 0, maximum: 5, description: '0 until rated, then 1 to 5.' }),
    confirmed: Type.Boolean(),
    text: Type.String(),
    ...born,
  },
  { description: 'A request for a rating, and its answer.' },
)

export const Message = Type.Object(
  {
    id: Uuid('The `uuid` of the request, when it had one.'),
    status: Type.Unsafe<'delivered'>({ type: 'string', enum: ['delivered'] }),
    type: Type.Unsafe<'text' | 'file' | 'review'>({ type: 'string', enum: ['text', 'file', 'review'] }),
    body: Type.Union([Type.String(), Type.Null()], { description: 'The words of a text; else null.' }),
    file: Type.Union([File, Type.Null()]),
    review: Type.Union([Review, Type.Null()]),
    bot: Type.Union([Bot, Type.Null()], { description: 'The author, when a bot wrote it.' }),
    agent: Type.Union([Agent, Type.Null()], { description: 'The author, when an agent wrote it.' }),
    endUser: Type.Union([EndUser, Type.Null()], { description: 'The author, when the visitor wrote it.' }),
    microseconds: Type.Integer({
      description: 'Unix microseconds; strictly increasing within a conversation.',
    }),
    ...born,
  },
  { description: 'A message with its author: one of `bot`, `agent` and `endUser`.' },
)

export const Conversation = Type.Object(
  {
    id: Uuid('Name of the conversation.'),
    assignedAgent: Type.Union([Agent, Type.Null()]),
    locked: Type.Boolean({ description: 'The visitor can no longer write.' }),
    ...born,
  },
  { description: 'All correspondence with one visitor.' },
)

export type FileBody = Static<typeof File>
export type AgentBody = Static<typeof Agent>
export type EndUserBody = Static<typeof EndUser>
export type BotBody = Static<typeof Bot>
export type ReviewBody = Static<typeof Review>
export type MessageBody = Static<typeof Message>
export type ConversationBody = Static<typeof Conversation>
