import type { Static } from 'typebox'
import { Type } from 'typebox'
import {
  cursor,
  idOf,
  limit,
  listOf,
  metadata,
  moment,
  NOTHING_MORE,
  nullable,
  number,
  tags,
  word,
  words,
} from './values.ts'
import { CONVERSATION_STATUSES } from '../../../domain/conversation.ts'

const CONTACT = {
  ...{ id: idOf('contact'), number },
  name: nullable(Type.String({ description: 'What they call themselves.' })),
  customName: nullable(Type.String({ description: 'What operators call them.' })),
  phone: nullable(Type.String({ description: 'Digits.' })),
  email: nullable(Type.String()),
  avatarUrl: nullable(Type.String()),
  tags: Type.Array(Type.String()),
  extraFields: nullable(
    Type.Object({}, { additionalProperties: true, description: 'Facts that an integration handed over.' }),
  ),
  metadata: Type.Object({}, { additionalProperties: true }),
  createdAt: moment(),
  updatedAt: moment(),
}

export const ContactView = Type.Object(CONTACT)
export type ContactBody = Static<typeof ContactView>
export const ContactList = listOf(ContactView)

export const ContactInFull = Type.Object({
  ...CONTACT,
  identities: Type.Array(
    Type.Object({
      channelId: idOf('ch'),
      number,
      externalId: Type.String({ description: 'How the channel’s provider knows them.' }),
      nickname: nullable(Type.String()),
      pageUrl: nullable(Type.String()),
      pageTitle: nullable(Type.String()),
      isVerified: Type.Boolean({ description: 'A web chat’s site vouches for who this is.' }),
      createdAt: moment(),
    }),
  ),
  conversations: Type.Array(
    Type.Object({
      ...{ id: idOf('conv'), number, channelId: idOf('ch'), status: word(CONVERSATION_STATUSES) },
      ...{ unreadCount: Type.Integer(), messageCount: Type.Integer(), lastMessageAt: nullable(moment()) },
    }),
    { description: 'Those that are before whoever asks.' },
  ),
})
export type ContactInFullBody = Static<typeof ContactInFull>

export const ListContactsQuery = Type.Object(
  {
    limit,
    cursor,
    search: Type.Optional(words(200, 'Part of a name.')),
    phone: Type.Optional(words(40, 'However it is spelt.')),
    email: Type.Optional(words(254)),
  },
  NOTHING_MORE,
)
export type ListContactsQuery = Static<typeof ListContactsQuery>

const FACTS = {
  name: words(255),
  customName: words(255),
  phone: words(40),
  email: words(254),
  extraFields: metadata('Facts about them.'),
}
export const CreateContactBody = Type.Object(
  {
    name: Type.Optional(FACTS.name),
    customName: Type.Optional(FACTS.customName),
    phone: Type.Optional(FACTS.phone),
    email: Type.Optional(FACTS.email),
    extraFields: Type.Optional(FACTS.extraFields),
    tags: Type.Optional(tags),
    metadata: Type.Optional(metadata('For programs.')),
  },
  { ...NOTHING_MORE, description: 'At least one of `name`, `customName`, `phone` and `email`.' },
)
export type CreateContactBody = Static<typeof CreateContactBody>

export const UpdateContactBody = Type.Object(
  {
    name: Type.Optional(nullable(FACTS.name)),
    customName: Type.Optional(nullable(FACTS.customName)),
    phone: Type.Optional(nullable(FACTS.phone)),
    email: Type.Optional(nullable(FACTS.email)),
    extraFields: Type.Optional(nullable(FACTS.extraFields)),
    tags: Type.Optional(nullable(tags)),
    metadata: Type.Optional(metadata('Merged with what is there; a key set to null is removed.')),
  },
  NOTHING_MORE,
)
export type UpdateContactBody = Static<typeof UpdateContactBody>
