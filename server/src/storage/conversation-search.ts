import { sql } from 'kysely'
import { MOST_COUNTED } from '../application/ports/reader.ts'
import { countConversations } from './conversation-count.ts'
import {
  and,
  byChange,
  filtersOf,
  isCounted,
  isFiltered,
  type ReachedSearch,
  type Sql,
} from './conversation-filters.ts'
import { byKey, KEYS, type FoundPage } from './conversation-list.ts'
import { PLANNED_ANEW, type Queries } from './database.ts'

/** So few conversations are looked through one by one, and every message of them. */
const FEW = 1000
/** Of the conversations in which somebody used the words, the latest so many are looked at: enough to count as far as lists go. */
const MOST_WORDED = 12_000
const MOST_NAMES = 10_000
/** The newest so many are looked through themselves: for parts of words, and for what is no word. */
const FRESH = 5000
/** Slices of messages asked for at once: one, two, four … to this many. */
const LONGEST_RUN = 64
const DOUBLINGS = Math.log2(LONGEST_RUN)
/** How far to walk along the index of changes. */
const WALK = 50_000

export interface WordSearch extends ReachedSearch {
  text: string
}

/** A numbered page of the conversations in which the words are said, or whose contact is called so. */
export async function searchWords(db: Queries, accountId: string, search: WordSearch): Promise<FoundPage> {
  const few = await fewOf(db, accountId, search)
  const { steps, total, ids } = few ? lookedThrough(accountId, search, few) : indexed(accountId, search)
  const { rows } = await sql<FoundPage>`with ${steps} select ${total} as total, ${ids} as ids`.execute(db)
  return rows[0] ?? { ids: [], total: 0 }
}

/** Steps that find what matches, and what is made of them. */
interface Finding {
  steps: Sql
  total: Sql
  ids: Sql
}

/** `found` has what matches, each with its key. */
function sorted(steps: Sql, search: WordSearch): Finding {
  const page = sql`order by ${byKey(search)} limit ${search.limit} offset ${search.offset}`
  return { steps, total: sql`(select count(*) from found)`, ids: sql`array(select id from found ${page})` }
}

/** What the filters leave, when that is little. Without a filter nobody asks. */
async function fewOf(db: Queries, accountId: string, search: WordSearch): Promise<string[] | null> {
  const asked = { ...search, text: undefined }
  if (!search.status && !isFiltered(asked)) return null
  if (isCounted(asked) && (await countConversations(db, accountId, asked)) > FEW) return null
  const { rows } = await sql<{ id: string }>`${sql.raw(PLANNED_ANEW)}
    select id from (${byChange(accountId, asked, { order: 'desc' })} limit ${FEW + 1}) few
  `.execute(db)
  return rows.length > FEW ? null : rows.map(({ id }) => id)
}

export const patternOf = (text: string) => `%${text.replace(/[\\%_]/g, (letter) => `\\${letter}`)}%`
/** The name index has three letters at a time. */
export const hasThreeLetters = (text: string) => /[\p{L}\p{N}]{3}/u.test(text)

/** As the index of names has it; `ct` is the contact. */
export const NAME = sql`(coalesce(ct.custom_name, '') || ' ' || coalesce(ct.name, ''))`
/** Notes and system lines are not searched: no list shows them. The index has this condition. */
const SAID = sql`m.text <> '' and m.kind not in ('note', 'system')`

/** Every message of the conversations given. A subquery for one value is asked for each: never turned into one over all messages. */
function lookedThrough(accountId: string, search: WordSearch, ids: string[]): Finding {
  const pattern = patternOf(search.text)
  const steps = sql`found as materialized (
    select c.* from unnest(${ids}::uuid[]) as few(id) cross join lateral (
      select c.id, c.contact_id, ${KEYS[search.sort]} as key from conversation c
       where c.account_id = ${accountId} and c.id = few.id limit 1) c
     where coalesce(
       (select true from contact ct where ct.account_id = ${accountId} and ct.id = c.contact_id and ${NAME} ilike ${pattern} limit 1),
       (select true from message m where m.account_id = ${accountId} and m.conversation_id = c.id and ${SAID}
          and m.text ilike ${pattern} limit 1)))`
  return sorted(steps, search)
}

/**
 * By the indexes of words and names. Each step ends by itself: slices of messages are asked from the newest back until there are
 * enough, and what was found is looked up one by one. The pattern is told in a way that keeps the planner from guessing how often
 * it occurs: for a frequent one it would read the table from its beginning.
 */
function indexed(accountId: string, search: WordSearch): Finding {
  const nearest = sql`asked as materialized (
      select search_template(${search.text}) as template, ${patternOf(search.text)}::text as pattern),
    fresh as materialized (${fresh(accountId)}),
    named as materialized (${named(accountId, search.text)}),
    worded as materialized (${worded(accountId)}),
    nearest as materialized (
      select conversation_id from (
        select conversation_id, row_number() over () as place from (
          select * from fresh union all select * from named union all select * from worded) every) placed
       group by conversation_id order by min(place))`
  const isPlain = !search.status && !isFiltered({ ...search, text: undefined })
  if (isPlain && search.sort === 'updatedAt' && search.order === 'desc')
    return walked(accountId, search, nearest)
  return sorted(sql`${nearest}, found as materialized (${lookedUp(accountId, search)})`, search)
}

function lookedUp(accountId: string, search: WordSearch, when: Sql[] = []): Sql {
  const conditions = [sql`c.account_id = ${accountId}`, sql`c.id = f.conversation_id`]
  if (search.status) conditions.push(sql`c.status = ${search.status}`)
  conditions.push(...filtersOf(accountId, search))
  return sql`
      select c.id, c.key from nearest f cross join lateral (
        select c.id, ${KEYS[search.sort]} as key from conversation c where ${and(conditions)} limit 1) c
       ${when.length > 0 ? sql`where ${and(when)}` : sql``} limit ${MOST_COUNTED}`
}

/**
 * Of much that was found, the latest changed are met soon on the way along the index of changes: that spares looking all of it up.
 * Who is not met on a short way is looked up after all. The odd `is true` keeps the planner from a join that would lose the order.
 */
function walked(accountId: string, search: WordSearch, nearest: Sql): Finding {
  const needed = search.offset + search.limit
  const isMuch = sql`(select count(*) from nearest) > ${FEW}::int`
  const isMet = sql`(select count(*) from met) >= ${needed}::int`
  const steps = sql`${nearest},
    met as materialized (
      select id, row_number() over () as place from (
        select w.id from (${byChange(accountId, search, search)} limit ${sql.lit(WALK)}) w
         where ${isMuch} and (w.id in (select conversation_id from nearest)) is true limit ${needed}) way),
    found as materialized (${lookedUp(accountId, search, [sql`not ${isMet}`])})`
  const page = sql`limit ${search.limit} offset ${search.offset}`
  return {
    steps,
    total: sql`(select least(count(*), ${MOST_COUNTED}::int) from nearest)`,
    ids: sql`case when ${isMet} then array(select id from met order by place ${page})
      else array(select id from found order by ${byKey(search)} ${page}) end`,
  }
}

function fresh(accountId: string): Sql {
  return sql`
    select m.conversation_id from (
      select conversation_id, text, kind from message where account_id = ${accountId} order by number desc limit ${FRESH}) m
     where ${SAID} and m.text ilike (select pattern from asked)`
}

/**
 * Who used all the words, and whether anybody said it just so. As the index has them: the newest slice first, then runs of two, four,
 * eight … at once, since each time the index is asked costs more than a slice that has nothing.
 */
function worded(accountId: string): Sql {
  const sliceAt = (end: 'asc' | 'desc') =>
    sql`(select number >> 16 from message where account_id = ${accountId} order by number ${sql.raw(end)} limit 1)`
  return sql`
    select conversation_id from (
      select m.conversation_id, m.is_said from (
          select newest - first as from_slice, greatest(newest - first - width + 1, oldest) as to_slice from (
            select newest, oldest, case when run < ${DOUBLINGS}::int then (1 << run) - 1
                else ${LONGEST_RUN}::int * (run - ${DOUBLINGS}::int + 1) - 1 end as first,
              case when run < ${DOUBLINGS}::int then 1 << run else ${LONGEST_RUN}::int end as width
              from (select ${sliceAt('desc')} as newest, ${sliceAt('asc')} as oldest) ends
              cross join lateral generate_series(0, ${DOUBLINGS}::int + (newest - oldest)::int / ${LONGEST_RUN}::int) as run) runs
           where first <= newest - oldest order by first) slices
        cross join lateral (
          select m.conversation_id, bool_or(m.text ilike (select pattern from asked)) as is_said from message m
           where m.account_id = ${accountId} and ${SAID} and search_words(m.number >> 16, m.text) @@ (
             select string_agg(replace((select template from asked), '#', lpad(to_hex(slice), 6, '0')), ' | ')
               from generate_series(to_slice, from_slice) as slice)::tsquery
           group by m.conversation_id) m
       limit ${MOST_WORDED}) latest
     where is_said`
}

/** Contacts called so, among all where the index can tell, else among the newest; and their conversations. */
function named(accountId: string, text: string): Sql {
  const isNamedSo = sql`${NAME} ilike (select pattern from asked)`
  const contacts = hasThreeLetters(text)
    ? sql`select ct.id from contact ct where ct.account_id = ${accountId} and ${isNamedSo} limit ${MOST_NAMES}`
    : sql`select ct.id from (
        select id, custom_name, name from contact where account_id = ${accountId} order by number desc limit ${FRESH}) ct
       where ${isNamedSo}`
  return sql`
    select c.id as conversation_id from (${contacts}) n
      cross join lateral (select channel_id from contact_identity i
         where i.account_id = ${accountId} and i.contact_id = n.id offset 0) i
      cross join lateral (select id from conversation c
         where c.account_id = ${accountId} and c.channel_id = i.channel_id and c.contact_id = n.id limit 1) c`
}
