import { sql } from 'kysely'
import { MOST_COUNTED, type ConversationListing, type ListPlace } from '../application/ports/reader.ts'
import { CONVERSATION_STATUSES } from '../domain/conversation.ts'
import type { Reach } from '../domain/permissions.ts'
import { and, heldBy, ofContact, reached, type Sql } from './conversation-filters.ts'
import { QUEUES } from './conversation-queues.ts'
import { PLANNED_ANEW, type Queries } from './database.ts'

export interface ReachedListing extends ConversationListing {
  reach: Reach
}

/**
 * The ids of a page by date of change, latest first, from a place on. Each status, or the queue, has an index in that order, and the
 * server merges them no further than the page; what is filtered by stands in the index too, or leads it.
 */
export async function listByChange(
  db: Queries,
  accountId: string,
  listing: ReachedListing,
): Promise<string[]> {
  const { tag } = listing
  const isRare = tag !== undefined && (await countTagged(db, accountId, tag)) < MOST_COUNTED
  const conditions = filtersOf(accountId, listing)
  if (tag !== undefined) conditions.push(hasTag(accountId, tag))
  const query = isRare
    ? ofTag(accountId, tag, [...conditions, ...statesOf(listing)])
    : merged(listing, conditions)
  const { rows } = await sql<{ id: string }>`${sql.raw(PLANNED_ANEW)}
    ${query} order by updated_at desc, id desc limit ${listing.limit}
  `.execute(db)
  return rows.map(({ id }) => id)
}

function filtersOf(accountId: string, listing: ReachedListing): Sql[] {
  const { channelId, contactId, groupId, assignee, after, reach } = listing
  const found = [sql`c.account_id = ${accountId}`, ...reached(reach)]
  if (channelId) found.push(sql`c.channel_id = ${channelId}`)
  if (contactId) found.push(...ofContact(accountId, contactId))
  if (groupId) found.push(sql`c.group_id = ${groupId}`)
  if (assignee === 'none') found.push(sql`c.assignee_id is null`, sql`c.assignee_bot_id is null`)
  else if (assignee) found.push(...heldBy(assignee))
  if (after) found.push(isBeyond(after))
  return found
}

const isBeyond = ({ updatedAt, id }: ListPlace) =>
  sql`(c.updated_at, c.id) < (${updatedAt}::timestamptz, ${id}::uuid)`

const statesOf = ({ status, queue }: ReachedListing): Sql[] => [
  ...(status ? [sql`c.status = ${sql.lit(status)}`] : []),
  ...(queue ? [QUEUES[queue]] : []),
]

/** By the index of the queue, or by those of each status: as many rows of each as the page has. */
function merged(listing: ReachedListing, conditions: Sql[]): Sql {
  const { status, queue, limit } = listing
  const states =
    status || queue
      ? [statesOf(listing)]
      : CONVERSATION_STATUSES.map((one) => statesOf({ ...listing, status: one }))
  const branches = states.map(
    (state) =>
      sql`(select c.id, c.updated_at from conversation c where ${and([...conditions, ...state])}
        order by c.updated_at desc, c.id desc limit ${limit})`,
  )
  return sql`select id, updated_at from (${sql.join(branches, sql` union all `)}) merged`
}

const hasTag = (accountId: string, tag: string) =>
  sql`exists (select 1 from conversation_tag t where t.account_id = ${accountId} and t.tag = ${tag} and t.conversation_id = c.id offset 0)`

/** Few have it: each of them is looked up. Frequent ones are met soon enough on the way along the index of changes. */
function ofTag(accountId: string, tag: string, conditions: Sql[]): Sql {
  return sql`select c.id, c.updated_at from (
      select conversation_id from conversation_tag where account_id = ${accountId} and tag = ${tag}
       order by conversation_id offset 0) tagged
    cross join lateral (
      select c.id, c.updated_at from conversation c where ${and([...conditions, sql`c.id = tagged.conversation_id`])} limit 1) c`
}

/** In the order of the key, so that it is the key that is read, however the planner takes a tag to be. */
async function countTagged(db: Queries, accountId: string, tag: string): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*) as count from (
      select 1 from conversation_tag where account_id = ${accountId} and tag = ${tag}
       order by conversation_id limit ${MOST_COUNTED}) few
  `.execute(db)
  return rows[0]?.count ?? 0
}

/**
 * The tags in use that begin so, in the order of bytes. Each is found by a step of its own along the key, from one tag to the next: a
 * million conversations with a tag are stepped over.
 */
export async function listTags(
  db: Queries,
  accountId: string,
  { prefix, after, limit }: { prefix: string; after: string | null; limit: number },
): Promise<string[]> {
  const next = (condition: Sql) =>
    sql`(select tag from conversation_tag where account_id = ${accountId} and ${condition} order by tag limit 1)`
  const first = after === null ? sql`tag >= ${prefix}` : sql`tag > ${after} and tag >= ${prefix}`
  const { rows } = await sql<{ tag: string }>`
    with recursive used as (
      select ${next(first)} as tag
      union all
      select (select n.tag from conversation_tag n where n.account_id = ${accountId} and n.tag > used.tag order by n.tag limit 1)
        from used where used.tag is not null and starts_with(used.tag, ${prefix}))
    select tag from used where tag is not null and starts_with(tag, ${prefix}) limit ${limit}
  `.execute(db)
  return rows.map(({ tag }) => tag)
}
