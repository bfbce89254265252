import { sql } from 'kysely'
import { MOST_COUNTED, type ConversationSearch, type ConversationSort } from '../application/ports/reader.ts'
import { countConversations } from './conversation-count.ts'
import {
  and,
  byChange,
  directionOf,
  filtersOf,
  isCounted,
  isOfChannels,
  opposite,
  statusesOf,
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

/** A numbered page of a list without words. */
export function listConversations(
  db: Queries,
  accountId: string,
  search: ConversationSearch,
): Promise<FoundPage> {
  return isCounted(search) ? counted(db, accountId, search) : matched(db, accountId, search)
}

/** The total is known beforehand: nothing more is read than the way to the page, from the nearer end. */
async function counted(db: Queries, accountId: string, search: ConversationSearch): Promise<FoundPage> {
  const total = await countConversations(db, accountId, search)
  const limit = Math.min(search.limit, total - search.offset)
  if (limit <= 0) return { ids: [], total }
  const isFar = isIndexed(search) && !isOfChannels(search) && search.offset > total / 2
  const offset = isFar ? total - search.offset - limit : search.offset
  const asked = { ...search, offset, order: isFar ? opposite(search.order) : search.order }
  const ids = await idsOf(db, ordered(accountId, asked, total), { limit, offset })
  return { ids: isFar ? ids.toReversed() : ids, total }
}

const isIndexed = ({ sort }: ConversationSearch) =>
  sort === 'updatedAt' || sort === 'createdAt' || sort === 'status'

function ordered(accountId: string, search: ConversationSearch, total: number): Sql {
  if (search.sort === 'updatedAt') return byChange(accountId, search, search)
  if (search.sort === 'status') return byStatus(accountId, search)
  const isUnfiltered = !search.status && !isOfChannels(search)
  if (search.sort === 'createdAt' && (isUnfiltered || total >= MOST_COUNTED))
    return byCreation(accountId, search)
  return byWindow(accountId, search)
}

async function idsOf(db: Queries, query: Sql, page: { limit: number; offset: number }): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`${PLANNED}
    select id from (${query} limit ${page.limit} offset ${page.offset}) page
  `.execute(db)
  return rows.map(({ id }) => id)
}

const PLANNED = sql.raw(PLANNED_ANEW)

/**
 * Nobody has counted these: the most recently changed that match are gathered as far as they are counted, and the page is a part
 * of them. Only by creation is there an index that leads to more.
 */
async function matched(db: Queries, accountId: string, search: ConversationSearch): Promise<FoundPage> {
  const isByChange = search.sort === 'updatedAt'
  const gathered = byChange(accountId, search, {
    order: isByChange ? search.order : 'desc',
    more: isByChange ? [] : [sql`${KEYS[search.sort]} as key`],
  })
  const direction = directionOf(search.order)
  const order = isByChange ? sql`updated_at ${direction}, id ${direction}` : byKey(search)
  const { rows } = await sql<FoundPage>`${PLANNED}
    with matched as materialized (${gathered} limit ${MOST_COUNTED})
    select (select count(*) from matched) as total,
      array(select id from matched order by ${order} limit ${search.limit} offset ${search.offset}) as ids
  `.execute(db)
  const { ids, total } = rows[0] ?? { ids: [], total: 0 }
  const limit = Math.min(search.limit, total - search.offset)
  if (search.sort !== 'createdAt' || total < MOST_COUNTED || limit <= 0) return { ids, total }
  return { total, ids: await idsOf(db, byCreation(accountId, search), { limit, offset: search.offset }) }
}

function byCreation(accountId: string, search: ConversationSearch): Sql {
  const direction = directionOf(search.order)
  const status = search.status ? [sql`c.status = ${sql.lit(search.status)}`] : []
  const conditions = [sql`c.account_id = ${accountId}`, ...status, ...filtersOf(accountId, search)]
  return sql`select c.id, c.created_at from conversation c where ${and(conditions)}
    order by c.created_at ${direction}, c.id ${direction}`
}

/** One status after the other, in each by date of change. */
function byStatus(accountId: string, search: ConversationSearch): Sql {
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
 * page is of both kinds.
 */
function byWindow(accountId: string, search: ConversationSearch): Sql {
  const window = Math.ceil(MOST_COUNTED / search.limit) * search.limit
  if (search.offset >= window) return byChange(accountId, search, { order: 'desc' })
  const more = [sql`${KEYS[search.sort]} as key`]
  return sql`select id from (${byChange(accountId, search, { order: 'desc', more })} limit ${window}) nearest
    order by ${byKey(search)}`
}
