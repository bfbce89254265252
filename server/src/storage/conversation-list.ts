import { sql } from 'kysely'
import { MOST_COUNTED, type ConversationSearch, type ConversationSort } from '../application/ports/reader.ts'
import { countConversations } from './conversation-count.ts'
import {
  and,
  byChange,
  directionOf,
  filtersOf,
  isCounted,
  isFiltered,
  isOfBirthOnly,
  opposite,
  statusesOf,
  type ReachedSearch,
  type Sql,
} from './conversation-filters.ts'
import { PLANNED_ANEW, type Queries } from './database.ts'

/** A page of what matches, as ids in the order asked for, and how many match in all. */
export interface FoundPage {
  ids: string[]
  total: number
}

/** No index has these orders: they are put on as many of the most recently changed. */
export const KEYS: Record<ConversationSort, Sql> = {
  createdAt: sql`c.created_at`,
  updatedAt: sql`c.updated_at`,
  lastMessageAt: sql`c.last_message_at`,
  status: sql`case c.status when 'open' then 0 when 'pending' then 1 when 'snoozed' then 2 else 3 end`,
  priority: sql`case c.priority when 'low' then 0 when 'normal' then 1 when 'high' then 2 else 3 end`,
  unreadCount: sql`c.unread_count`,
}

/** By key, then by id; nothing known comes last where the greatest come first. */
export function byKey({ order }: Pick<ConversationSearch, 'order'>): Sql {
  return order === 'asc' ? sql`key asc nulls first, id asc` : sql`key desc nulls last, id desc`
}

/**
 * A numbered page of a list without words. With the total known, nothing more is read than the way to the page, from the nearer
 * end where every page can be reached.
 */
export async function listConversations(
  db: Queries,
  accountId: string,
  search: ReachedSearch,
): Promise<FoundPage> {
  const total = await (isCounted(search) ? countConversations : countMatches)(db, accountId, search)
  const limit = Math.min(search.limit, total - search.offset)
  if (limit <= 0) return { ids: [], total }
  const isFar = isIndexed(search) && !isFiltered(search) && search.offset > total / 2
  const offset = isFar ? total - search.offset - limit : search.offset
  const asked = { ...search, offset, order: isFar ? opposite(search.order) : search.order }
  const ids = await idsOf(db, ordered(accountId, asked, total), { limit, offset })
  return { ids: isFar ? ids.toReversed() : ids, total }
}

/** Nobody keeps count of these: they are counted as far as the list goes, along an index that has them in order. */
async function countMatches(db: Queries, accountId: string, search: ReachedSearch): Promise<number> {
  const isByBirth = search.createdFrom ?? search.createdBefore
  const matches = isByBirth ? byCreation(accountId, search) : byChange(accountId, search, { order: 'desc' })
  const { rows } = await sql<{ total: number }>`${PLANNED}
    select count(*) as total from (${matches} limit ${sql.lit(MOST_COUNTED)}) matches
  `.execute(db)
  return rows[0]?.total ?? 0
}

const isIndexed = ({ sort }: ReachedSearch) =>
  sort === 'updatedAt' || sort === 'createdAt' || sort === 'status'

function ordered(accountId: string, search: ReachedSearch, total: number): Sql {
  if (search.sort === 'updatedAt') return byChange(accountId, search, search)
  if (search.sort === 'status') return byStatus(accountId, search)
  const isDense = total >= MOST_COUNTED || isOfBirthOnly(search)
  return search.sort === 'createdAt' && isDense ? byCreation(accountId, search) : byWindow(accountId, search)
}

async function idsOf(db: Queries, query: Sql, page: { limit: number; offset: number }): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`${PLANNED}
    select id from (${query} limit ${page.limit} offset ${page.offset}) page
  `.execute(db)
  return rows.map(({ id }) => id)
}

const PLANNED = sql.raw(PLANNED_ANEW)

function byCreation(accountId: string, search: ReachedSearch): Sql {
  const direction = directionOf(search.order)
  const status = search.status ? [sql`c.status = ${sql.lit(search.status)}`] : []
  const conditions = [sql`c.account_id = ${accountId}`, ...status, ...filtersOf(accountId, search)]
  return sql`select c.id, c.created_at from conversation c where ${and(conditions)}
    order by c.created_at ${direction}, c.id ${direction}`
}

/** One status after the other, in each by date of change. */
function byStatus(accountId: string, search: ReachedSearch): Sql {
  const direction = directionOf(search.order)
  const most = search.offset + search.limit
  const branches = statusesOf(search).map(
    (status, rank) =>
      sql`(select ${sql.lit(rank)} as rank, id, updated_at from (${byChange(accountId, { ...search, status }, search)} limit ${most}) one)`,
  )
  return sql`select * from (${sql.join(branches, sql` union all `)}) every
    order by rank ${direction}, updated_at ${direction}, id ${direction}`
}

/**
 * The most recently changed in the order asked for; what comes after them follows by date of change. Whole pages, so that no
 * page is of both kinds. Their ids come first, from an index alone; then each is looked up.
 */
function byWindow(accountId: string, search: ReachedSearch): Sql {
  const window = Math.ceil(MOST_COUNTED / search.limit) * search.limit
  const nearest = byChange(accountId, search, { order: 'desc' })
  if (search.offset >= window) return nearest
  return sql`select n.id from (${nearest} limit ${sql.lit(window)}) n cross join lateral (
      select ${KEYS[search.sort]} as key from conversation c
       where c.account_id = ${accountId} and c.id = n.id limit 1) k
    order by ${byKey(search)}`
}
