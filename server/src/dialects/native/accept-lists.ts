import type {
  ContactListing,
  ConversationListing,
  ConversationSearch,
} from '../../application/ports/reader.ts'
import { phoneDigits } from '../../domain/contact.ts'
import { refuse } from '../../domain/errors.ts'
import { normalizeEmail } from '../../domain/operator.ts'
import { mustBeStorable, mustSay, uuidOf } from './accept-values.ts'
import { readListCursor } from './list-cursor.ts'
import type { ListContactsQuery } from './schema/contacts.ts'
import type { ListConversationsQuery, ListTagsQuery } from './schema/conversations.ts'

export const DEFAULT_LIMIT = 25
export const CONVERSATIONS = 'conversations'
export const FOUND = 'conversations found'
export const TAGS = 'tags'
export const CONTACTS = 'contacts'
/** Where a search ends, and with it what its cursors count to. */
const MOST_FOUND = 10_000

/** One more than is shown, so that the next page is known of. */
export function acceptConversationList(
  query: ListConversationsQuery,
  accountId: string,
): ConversationListing {
  mustBeStorable(query)
  const { limit = DEFAULT_LIMIT, cursor, status, queue, groupId, tag } = query
  const place = readListCursor({ accountId, list: CONVERSATIONS }, ['integer', 'text'], cursor)
  return {
    ...{ status, queue, tag, ...partiesOf(query) },
    groupId: groupId === undefined ? undefined : uuidOf('group', groupId),
    assignee: assigneeOf(query.assignee),
    after: place && { updatedAt: new Date(place[0]), id: uuidOf('conversation', place[1]) },
    limit: limit + 1,
  }
}

const partiesOf = ({ channelId, contactId }: ListConversationsQuery) => ({
  channelId: channelId === undefined ? undefined : uuidOf('channel', channelId),
  contactId: contactId === undefined ? undefined : uuidOf('contact', contactId),
})

function assigneeOf(text: string | undefined): ConversationListing['assignee'] {
  if (text === undefined || text === 'none') return text
  const kind = /^bot_/i.test(text) ? 'bot' : 'operator'
  return { kind, id: uuidOf(kind, text) }
}

/** A search goes by how many were shown already: what it finds is in no index in order. */
export function acceptConversationSearch(
  { search = '', ...query }: ListConversationsQuery,
  accountId: string,
): ConversationSearch {
  mustBeStorable({ search, ...query })
  const { limit = DEFAULT_LIMIT, cursor, status, queue, groupId, tag } = query
  const wrong = Object.entries({ queue, groupId, tag }).find(([, value]) => value !== undefined)?.[0]
  if (wrong !== undefined)
    refuse('invalid', { field: wrong, reason: `${wrong} does not go together with search.` })
  const assignee = assigneeOf(query.assignee)
  if (assignee === 'none')
    refuse('invalid', { field: 'assignee', reason: 'assignee none does not go together with search.' })
  const [offset] = readListCursor({ accountId, list: FOUND }, ['integer'], cursor) ?? [0]
  return {
    ...{ status, assignee, ...partiesOf(query), text: mustSay(search, 'search').trim() },
    ...{ sort: 'updatedAt', order: 'desc', limit, offset: Math.max(0, Math.min(offset, MOST_FOUND)) },
  }
}

export function acceptTagList(query: ListTagsQuery, accountId: string) {
  mustBeStorable(query)
  const { limit = DEFAULT_LIMIT, cursor, prefix = '' } = query
  const place = readListCursor({ accountId, list: TAGS }, ['text'], cursor)
  return { prefix, after: place && place[0], limit: limit + 1 }
}

export function acceptContactList(query: ListContactsQuery, accountId: string): ContactListing {
  mustBeStorable(query)
  const { limit = DEFAULT_LIMIT, cursor, search, phone, email } = query
  const place = readListCursor({ accountId, list: CONTACTS }, ['integer'], cursor)
  return {
    name: search === undefined ? undefined : mustSay(search, 'search').trim(),
    phone: phone === undefined ? undefined : phoneDigits(phone),
    email: email === undefined ? undefined : normalizeEmail(email),
    after: place && place[0],
    limit: limit + 1,
  }
}
