import { sql, type RawBuilder } from 'kysely'
import type { ConversationSearch, Order } from '../application/ports/reader.ts'
import { CONVERSATION_STATUSES, type ConversationStatus } from '../domain/conversation.ts'
import type { Reach } from '../domain/permissions.ts'
import type { Visitor } from '../domain/visitor.ts'

export type Sql = RawBuilder<unknown>

export const and = (conditions: Sql[]): Sql => sql.join(conditions, sql` and `)

/** A search by somebody: what is not before them does not match. */
export interface ReachedSearch extends ConversationSearch {
  reach: Reach
}

/** Conditions on conversation `c`; none for whoever sees all. */
export function reached(reach: Reach): Sql[] {
  if (reach.kind === 'all') return []
  if (reach.kind === 'visitor') return ofVisitor(reach.visitor)
  const own = sql`c.assignee_id = ${reach.operatorId}`
  if (reach.kind === 'own') return [own]
  const groups = sql`c.group_id = any(${reach.groupIds}::uuid[])`
  return [
    reach.isDefaultIncluded ? sql`(${own} or ${groups} or c.group_id is null)` : sql`(${own} or ${groups})`,
  ]
}

/** The conversation that a visitor has on its channel. */
function ofVisitor({ accountId, channelId, externalId }: Visitor): Sql[] {
  const contact = sql`select contact_id from contact_identity
    where account_id = ${accountId} and channel_id = ${channelId} and external_id = ${externalId}`
  return [sql`c.channel_id = ${channelId}`, sql`c.contact_id = (${contact})`]
}

/** Whether counters know how many there are: nothing is asked for but status and channel, by whoever sees all. */
export function isCounted(search: ReachedSearch): boolean {
  const { contactId, botId, assignee, text, reach } = search
  return !(contactId || botId || assignee || text) && reach.kind === 'all' && !isOfBirth(search)
}

const isOfBirth = ({ createdFrom, createdBefore }: ConversationSearch) =>
  Boolean(createdFrom ?? createdBefore)
const isOfChannels = ({ channelId, channelKinds }: ConversationSearch) => Boolean(channelId ?? channelKinds)

/** Whether anything but a status is asked for. */
export const isFiltered = (search: ReachedSearch) => !isCounted(search) || isOfChannels(search)

/** Whether nothing is asked for, or nothing but a time of birth: the index of births leads straight to the page then. */
export const isOfBirthOnly = (search: ReachedSearch) =>
  !search.status && !isFiltered({ ...search, createdFrom: undefined, createdBefore: undefined })

export const statusesOf = ({ status }: ConversationSearch): readonly ConversationStatus[] =>
  status ? [status] : CONVERSATION_STATUSES

/** On which channels; null for any. */
export function channelsOf(accountId: string, search: ConversationSearch): Sql | null {
  const { channelId, channelKinds } = search
  const conditions = []
  if (channelId) conditions.push(sql`id = ${channelId}`)
  if (channelKinds) conditions.push(sql`kind = any(${channelKinds}::text[])`)
  if (conditions.length === 0) return null
  return sql`any(array(select id from channel where account_id = ${accountId} and ${and(conditions)}))`
}

/** Everything asked for but status and words; `c` is the conversation. */
export function filtersOf(accountId: string, search: ReachedSearch): Sql[] {
  const found: Sql[] = reached(search.reach)
  const channels = channelsOf(accountId, search)
  if (channels) found.push(sql`c.channel_id = ${channels}`)
  if (search.contactId) found.push(...ofContact(accountId, search.contactId))
  if (search.assignee) found.push(...heldBy(search.assignee))
  if (search.botId) found.push(sql`c.bot_id = ${search.botId}`)
  if (search.createdFrom) found.push(sql`c.created_at >= ${search.createdFrom}`)
  if (search.createdBefore) found.push(sql`c.created_at < ${search.createdBefore}`)
  return found
}

/** By the key that makes a conversation unique, which begins with the channel: a contact is on few. */
export function ofContact(accountId: string, contactId: string): Sql[] {
  const channels = sql`select channel_id from contact_identity
    where account_id = ${accountId} and contact_id = ${contactId}`
  return [sql`c.contact_id = ${contactId}`, sql`c.channel_id = any(array(${channels}))`]
}

/** A bot that was given a conversation is also the bot that handles it. */
export function heldBy({ kind, id }: NonNullable<ConversationSearch['assignee']>): Sql[] {
  if (kind === 'operator') return [sql`c.assignee_id = ${id}`]
  return [sql`c.bot_id = ${id}`, sql`(c.assignee_bot_id = ${id} or c.is_bot_active)`]
}

export const directionOf = (order: Order): Sql => sql.raw(order)
export const opposite = (order: Order): Order => (order === 'asc' ? 'desc' : 'asc')

/**
 * What matches by date of change: the indexes have it in order for each status, and the server merges them as far as it is
 * asked to. Nothing but ids and dates, so that the rows need not be looked at.
 */
export function byChange(accountId: string, search: ReachedSearch, { order }: { order: Order }): Sql {
  const direction = directionOf(order)
  const filters = filtersOf(accountId, search)
  const branches = statusesOf(search).map((status) => {
    const conditions = [sql`c.account_id = ${accountId}`, sql`c.status = ${sql.lit(status)}`, ...filters]
    return sql`(select c.id, c.updated_at from conversation c where ${and(conditions)}
      order by c.updated_at ${direction}, c.id ${direction})`
  })
  return sql`select * from (${sql.join(branches, sql` union all `)}) merged
    order by updated_at ${direction}, id ${direction}`
}
