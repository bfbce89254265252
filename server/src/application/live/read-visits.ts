import { isSomebodyThere, NOTHING_SAID, presentVisit, type VisitState } from '../visitors/read-visit.ts'
import { tellMessages, type ToldMessage } from '../visitors/tell-messages.ts'
import { allow, allowEverywhere } from '../../domain/permissions.ts'
import type { ConversationView } from '../../domain/view.ts'
import type { Query } from '../ports/house.ts'
import type { Party } from '../ports/live-reader.ts'
import type { Reader } from '../ports/reader.ts'

/** Messages of one visitor that are told at once; who is further behind reads them page by page. */
export const MOST_BEHIND = 200

export interface VisitAsked extends Party {
  /** The last entry that is known. */
  after: number
}

export interface TalkRead {
  conversationId: string | null
  /** What comes after, oldest first: one more than are told at once, where there are more. */
  messages: ToldMessage[]
}

/** What is new in visitors' conversations, by one statement for all of them: of one moment. */
export const readTalks: Query<readonly VisitAsked[], TalkRead[]> = async (reader, actor, asked) => {
  allow(actor, 'message.read')
  allowEverywhere(actor)
  const ids = await reader.live.talks(asked)
  const messages = await messagesOf(
    reader,
    asked.map(({ after }, at) => ({ conversationId: ids[at] ?? null, seq: after })),
  )
  return asked.map((_one, at) => ({ conversationId: ids[at] ?? null, messages: messages[at] ?? [] }))
}

/** How visitors' conversations stand, in a few queries for all of them. */
export const readStates: Query<readonly Party[], VisitState[]> = async (reader, actor, parties) => {
  allow(actor, 'message.read')
  allowEverywhere(actor)
  return statesOf(reader, parties, await reader.live.talks(parties))
}

interface Place {
  conversationId: string | null
  seq: number
}

/** A message that several are told is the same object for all of them. */
async function messagesOf(reader: Reader, places: Place[]): Promise<ToldMessage[][]> {
  const known = places.flatMap(({ conversationId, seq }) =>
    conversationId === null ? [] : [{ conversationId, seq }],
  )
  const found = await reader.live.messagesAfter(known, MOST_BEHIND + 1)
  const distinct = new Map(found.flat().map((message) => [message.id, message]))
  const told = await tellMessages(reader, [...distinct.values()])
  const byId = new Map(told.map((one) => [one.message.id, one]))
  const rest = found.values()
  return places.map(({ conversationId }) => {
    const messages = conversationId === null ? [] : (rest.next().value ?? [])
    return messages.flatMap(({ id }) => byId.get(id) ?? [])
  })
}

async function statesOf(
  reader: Reader,
  parties: readonly Party[],
  ids: (string | null)[],
): Promise<VisitState[]> {
  const views = await reader.live.views(ids.flatMap((id) => id ?? []))
  const marks = [...views.values()].map(({ conversation }) => ({
    conversationId: conversation.id,
    seq: conversation.contactReadSeq,
  }))
  const counts = await reader.live.countsFromUs(marks)
  const reviews = await reader.live.reviews([...views.keys()])
  const teams = await teamsOf(reader, parties)
  return parties.map(({ channelId }, at) => {
    const view: ConversationView | undefined = views.get(ids[at] ?? '')
    const isTeamOnline = teams.get(channelId) ?? false
    if (!view) return { ...NOTHING_SAID, isTeamOnline }
    const { id } = view.conversation
    return presentVisit(view, {
      isTeamOnline,
      unreadCount: counts.get(id) ?? 0,
      reviews: reviews.get(id) ?? [],
    })
  })
}

async function teamsOf(reader: Reader, parties: readonly Party[]): Promise<Map<string, boolean>> {
  const teams = new Map<string, boolean>()
  for (const channelId of new Set(parties.map((party) => party.channelId)))
    teams.set(channelId, await isSomebodyThere(reader, { channelId }))
  return teams
}

/** Whether somebody of the team is there, for each of the channels. */
export const readTeams: Query<string[], Map<string, boolean>> = (reader, actor, channelIds) => {
  allow(actor, 'message.read')
  return teamsOf(
    reader,
    channelIds.map((channelId) => ({ channelId, externalId: '' })),
  )
}
