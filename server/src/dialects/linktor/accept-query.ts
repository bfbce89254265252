import type { ConversationSearch, ConversationSort, MessageQuery } from '../../application/ports/reader.ts'
import type { ChannelKind, ChannelStatus } from '../../domain/channel.ts'
import { CONVERSATION_STATUSES } from '../../domain/conversation.ts'
import type { Ref } from '../../domain/ref.ts'
import { readCursor } from './cursor.ts'
import { acceptConversation } from './accept.ts'
import { NOBODY, readAssigneeId } from './ids.ts'
import type { QueryReader } from './query.ts'
import { readQuery } from './query.ts'

/** The page asked for, as it is answered. */
export interface Page {
  page: number
  perPage: number
}

const LARGEST_PAGE = 100

const SORTS = [
  'createdAt',
  'updatedAt',
  'lastMessageAt',
  'status',
  'priority',
  'unreadCount',
] as const satisfies readonly ConversationSort[]
const ORDERS = ['asc', 'desc'] as const
const CHANNEL_STATUSES = [
  'active',
  'inactive',
  'error',
  'pending',
] as const satisfies readonly ChannelStatus[]

const KINDS: Record<string, ChannelKind[]> = {
  webchat: ['webchat'],
  custom: ['custom_app'],
  telegram: ['telegram', 'telegram_personal'],
  whatsapp: ['whatsapp'],
  email: ['email'],
}

/** Our kinds behind a channel type; none for types that no channel here has. */
function kindsOf(type: string | undefined): ChannelKind[] | undefined {
  if (type === undefined) return undefined
  return Object.hasOwn(KINDS, type) ? KINDS[type] : []
}

/** The page that a query asks for. */
export function readPage(read: QueryReader): Page & { limit: number; offset: number } {
  const page = read.count('page', { default: 1 })
  const perPage = read.count('perPage', { default: 20, most: LARGEST_PAGE })
  return { page, perPage, limit: perPage, offset: (page - 1) * perPage }
}

export function acceptConversationList(query: unknown): { search: ConversationSearch; page: Page } {
  const read = readQuery(query)
  const { limit, offset, ...page } = readPage(read)
  const search: ConversationSearch = {
    status: read.choice('status', CONVERSATION_STATUSES),
    channelId: read.id('channelId', 'channel'),
    channelKinds: kindsOf(read.text('channelType')),
    assignee: readAssignee(read.text('assigneeId')),
    contactId: read.id('contactId', 'contact'),
    botId: read.id('botId', 'bot'),
    createdFrom: read.moment('startDate')?.at,
    createdBefore: read.moment('endDate')?.until,
    text: read.text('search')?.trim() || undefined,
    sort: read.choice('sortBy', SORTS) ?? 'updatedAt',
    order: read.choice('sortOrder', ORDERS) ?? 'desc',
    limit,
    offset,
  }
  read.refuseFaults()
  return { search, page }
}

/** Users and bots are told apart by their prefix; anything else is nobody. */
function readAssignee(text: string | undefined): ConversationSearch['assignee'] {
  if (text === undefined) return undefined
  const { kind, id } = readAssigneeId(text) ?? { kind: 'user', id: NOBODY }
  return { kind: kind === 'bot' ? 'bot' : 'operator', id }
}

/** How many messages to include; null for none. */
export function acceptInclusion(query: unknown): number | null {
  const read = readQuery(query)
  const isWanted = read.flag('includeMessages')
  const last = read.count('messageLimit', { default: 20, most: LARGEST_PAGE })
  read.refuseFaults()
  return isWanted ? last : null
}

/** One message more than the page holds tells whether there are more. */
export function acceptMessageList(
  id: string,
  query: unknown,
): { input: Omit<MessageQuery, 'conversationId'> & { conversation: Ref }; limit: number } {
  const read = readQuery(query)
  const limit = read.count('limit', { default: 50, most: LARGEST_PAGE })
  const isAfter = read.choice('direction', ['before', 'after']) === 'after'
  const cursor = read.text('cursor')
  const seq = cursor === undefined ? undefined : readCursor(cursor)
  if (seq === null) read.complain('cursor', 'must be a cursor of an earlier answer')
  read.refuseFaults()
  const bound = isAfter ? { afterSeq: seq ?? undefined } : { beforeSeq: seq ?? undefined }
  const order = isAfter ? 'asc' : 'desc'
  return { input: { conversation: acceptConversation(id), ...bound, order, limit: limit + 1 }, limit }
}

export function acceptChannelList(query: unknown) {
  const read = readQuery(query)
  const { limit, offset, ...page } = readPage(read)
  const filter = {
    kinds: kindsOf(read.text('type')),
    status: read.choice('status', CHANNEL_STATUSES),
    text: read.text('search')?.trim() || undefined,
    limit,
    offset,
  }
  read.refuseFaults()
  return { filter, page }
}
