import type { Actor } from '../../domain/actor.ts'
import type { Bot } from '../../domain/bot.ts'
import type { Message } from '../../domain/message.ts'
import type { Operator } from '../../domain/operator.ts'
import { allow } from '../../domain/permissions.ts'
import type { Ref } from '../../domain/ref.ts'
import type { ConversationView } from '../../domain/view.ts'
import type {
  ConversationListing,
  ConversationSearch,
  Keyset,
  MessageQuery,
  QueueQuery,
  QueueRow,
  Reader,
} from '../ports/reader.ts'
import { viewConversation } from './load.ts'

/** Refuses `not_found`. */
export async function getConversation(
  reader: Reader,
  actor: Actor,
  input: { conversation: Ref },
): Promise<ConversationView> {
  allow(actor, 'conversation.read')
  return viewConversation(reader, input.conversation)
}

/** A conversation with its messages, oldest first: all of them, or the last few. */
export async function getConversationWithMessages(
  reader: Reader,
  actor: Actor,
  input: { conversation: Ref; last: number | null },
): Promise<{ view: ConversationView; messages: Message[] }> {
  allow(actor, 'message.read')
  const view = await viewConversation(reader, input.conversation)
  const query: MessageQuery = { conversationId: view.conversation.id, order: 'desc', limit: input.last }
  const messages = await reader.messages.list(query)
  return { view, messages: messages.toReversed() }
}

/** One of the three queues, most recently changed first. */
export async function listQueue(reader: Reader, actor: Actor, query: QueueQuery): Promise<QueueRow[]> {
  allow(actor, 'conversation.read')
  return reader.conversations.queue(query)
}

/** A page by date of change, latest first. */
export async function listConversations(
  reader: Reader,
  actor: Actor,
  listing: ConversationListing,
): Promise<ConversationView[]> {
  allow(actor, 'conversation.read')
  return reader.conversations.list(listing)
}

/** The tags in use in the account. They are its vocabulary, as the names of its groups are, whosever conversations have them. */
export async function listTags(
  reader: Reader,
  actor: Actor,
  query: { prefix: string; after: string | null; limit: number },
): Promise<string[]> {
  allow(actor, 'conversation.read')
  return reader.conversations.tags(query)
}

/** A page by number. */
export async function pageConversations(
  reader: Reader,
  actor: Actor,
  keyset: Keyset,
): Promise<ConversationView[]> {
  allow(actor, 'conversation.read')
  return reader.conversations.page(keyset)
}

/** A numbered page of what matches, and how many match in all. */
export async function searchConversations(
  reader: Reader,
  actor: Actor,
  search: ConversationSearch,
): Promise<{ views: ConversationView[]; total: number }> {
  allow(actor, 'conversation.read')
  return reader.conversations.search(search)
}

export interface Participants {
  view: ConversationView
  operators: Operator[]
  bots: Bot[]
}

/** The contact, and everybody of ours who had the conversation or wrote in it. */
export async function listParticipants(
  reader: Reader,
  actor: Actor,
  input: { conversation: Ref },
): Promise<Participants> {
  allow(actor, 'conversation.read')
  const view = await viewConversation(reader, input.conversation)
  return { view, ...(await reader.conversations.participants(view.conversation.id)) }
}

/** Messages of a conversation, a page by `seq`. */
export async function listMessages(
  reader: Reader,
  actor: Actor,
  input: Omit<MessageQuery, 'conversationId'> & { conversation: Ref },
): Promise<{ view: ConversationView; messages: Message[] }> {
  allow(actor, 'message.read')
  const { conversation, ...query } = input
  const view = await viewConversation(reader, conversation)
  return { view, messages: await reader.messages.list({ ...query, conversationId: view.conversation.id }) }
}
