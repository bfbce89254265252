import type { Actor } from '../../domain/actor.ts'
import type { Channel } from '../../domain/channel.ts'
import type { Contact } from '../../domain/contact.ts'
import { refuse } from '../../domain/errors.ts'
import { openState } from '../../domain/open-hours.ts'
import type { Review } from '../../domain/review.ts'
import type { ConversationView } from '../../domain/view.ts'
import { allowVisitor } from '../../domain/permissions.ts'
import type { Visitor } from '../../domain/visitor.ts'
import { withDefaults, type WidgetSettings } from '../../domain/widget.ts'
import type { Reader } from '../ports/reader.ts'
import { findTalk } from './find-talk.ts'
import { tellMessages, type Face, type ToldMessage } from './tell-messages.ts'

/** Where a visitor's conversation stands. Without one there is nothing but the team. */
export interface VisitState {
  conversationId: string | null
  lastSeq: number
  readSeq: number
  teamReadSeq: number
  unreadCount: number
  isLocked: boolean
  isTeamOnline: boolean
  assignee: (Face & { kind: 'operator' | 'bot' }) | null
  /** The last few, oldest first. */
  reviews: Review[]
}

const MOST_REVIEWS = 5
const MOST_FACES = 3

export async function readState(reader: Reader, actor: Actor): Promise<VisitState> {
  const visitor = allowVisitor(actor)
  const id = await findTalk(reader, actor)
  const view = id === null ? null : await reader.conversations.view({ id })
  const isTeamOnline = await isSomebodyThere(reader, visitor)
  return view ? stateOf(reader, view, isTeamOnline) : { ...NOTHING_SAID, isTeamOnline }
}

export const NOTHING_SAID = {
  ...{ conversationId: null, lastSeq: 0, readSeq: 0, teamReadSeq: 0, unreadCount: 0 },
  ...{ isLocked: false, assignee: null, reviews: [] },
}

async function stateOf(reader: Reader, view: ConversationView, isTeamOnline: boolean): Promise<VisitState> {
  const { id, contactReadSeq } = view.conversation
  const unreadCount = await reader.messages.countFromUs(id, contactReadSeq)
  return presentVisit(view, { unreadCount, isTeamOnline, reviews: await reader.reviews.ofConversation(id) })
}

/** The state that a conversation comes down to, for its visitor. */
export function presentVisit(
  view: ConversationView,
  { unreadCount, isTeamOnline, reviews }: Pick<VisitState, 'unreadCount' | 'isTeamOnline' | 'reviews'>,
): VisitState {
  const { id, lastSeq, contactReadSeq: readSeq, operatorReadSeq, isLocked } = view.conversation
  // Always in this order: states are compared as they are written.
  return {
    ...{ conversationId: id, lastSeq, readSeq, teamReadSeq: operatorReadSeq, unreadCount },
    ...{ isLocked, isTeamOnline, assignee: assigneeOf(view), reviews: reviews.slice(-MOST_REVIEWS) },
  }
}

function assigneeOf({ conversation, assignee, bot }: ConversationView): VisitState['assignee'] {
  if (assignee) {
    const { id, name, avatar } = assignee
    return { kind: 'operator', id, name, avatar }
  }
  if (!bot || !conversation.isBotActive) return null
  return { kind: 'bot', id: bot.id, name: bot.name, avatar: null }
}

/** Hours are a promise: where there are any, they say whether the team is there. */
export async function isSomebodyThere(
  reader: Reader,
  { channelId }: Pick<Visitor, 'channelId'>,
): Promise<boolean> {
  const channel = await reader.channels.find({ id: channelId })
  const hours = channel?.widget?.hours
  if (hours) return openState(hours, reader.now).isOpen
  const operators = await reader.operators.list()
  return operators.some(({ status, isActive }) => isActive && status === 'online')
}

/** What a visitor may know of itself. */
export interface VisitorCard extends Pick<Contact, 'name' | 'email' | 'phone'> {
  /** Names the visitor in its own browser: the conversation's identity, or the session before there is one. */
  id: string
  isVerified: boolean
}

export async function readVisitor(reader: Reader, actor: Actor): Promise<VisitorCard> {
  const { sessionId, channelId, externalId, isVerified } = allowVisitor(actor)
  const session =
    (await reader.visitors.byId(sessionId, channelId, externalId)) ??
    refuse('unauthenticated', { what: 'visitor' })
  const identity = await reader.contacts.identityOn(channelId, externalId)
  const contact = identity && (await reader.contacts.find({ id: identity.contactId }))
  const { name = null, email = null, phone = null } = session.facts
  const known = contact ?? { name, email, phone }
  return {
    id: identity?.id ?? sessionId,
    ...{ name: known.name, email: known.email, phone: known.phone, isVerified },
  }
}

/** What a page is before anybody has said anything. */
export interface Visit {
  visitor: VisitorCard
  state: VisitState
  messages: ToldMessage[]
  hasMore: boolean
  widget: WidgetSettings
  channel: Channel
  faces: Face[]
  now: Date
}

export async function readVisit(
  reader: Reader,
  actor: Actor,
  { channel, limit }: { channel: Channel; limit: number },
): Promise<Visit> {
  const state = await readState(reader, actor)
  const page = await pageOf(reader, state.conversationId, { order: 'desc', limit })
  return {
    visitor: await readVisitor(reader, actor),
    ...{ state, ...page, channel, widget: withDefaults(channel.widget) },
    faces: await facesOf(reader, channel),
    now: reader.now,
  }
}

export interface VisitPage {
  afterSeq?: number
  beforeSeq?: number
  order: 'asc' | 'desc'
  limit: number
}

type Page = Pick<Visit, 'messages' | 'hasMore'>

/** Messages oldest first: the next after a place, or the last before one. */
export async function readPage(reader: Reader, actor: Actor, query: VisitPage): Promise<Page> {
  return pageOf(reader, await findTalk(reader, actor), query)
}

async function pageOf(reader: Reader, conversationId: string | null, query: VisitPage): Promise<Page> {
  if (conversationId === null) return { messages: [], hasMore: false }
  const found = await reader.messages.list({ ...query, conversationId, limit: query.limit + 1 })
  const shown = found.slice(0, query.limit)
  const messages = await tellMessages(reader, query.order === 'asc' ? shown : shown.toReversed())
  return { messages, hasMore: found.length > query.limit }
}

/** Those who may answer: of the channel's group where it has one, whoever is there first. */
async function facesOf(reader: Reader, channel: Channel): Promise<Face[]> {
  const { groupId } = channel
  const members = groupId ? ((await reader.groups.memberIds([groupId])).get(groupId) ?? []) : []
  const operators = (await reader.operators.list()).filter(({ isActive }) => isActive)
  const theirs = operators.filter(({ id }) => members.includes(id))
  const asked = theirs.length > 0 ? theirs : operators
  return asked
    .sort((one, other) => Number(other.status === 'online') - Number(one.status === 'online'))
    .slice(0, MOST_FACES)
    .map(({ id, name, avatar }) => ({ id, name, avatar }))
}
