import { sql } from 'kysely'
import { MOST_COUNTED, type ConversationSearch } from '../application/ports/reader.ts'
import { countConversations } from './conversation-count.ts'
import { and, byChange, filtersOf, isCounted, isOfChannels, type Sql } from './conversation-filters.ts'
import { byKey, KEYS, type FoundPage } from './conversation-list.ts'
import { PLANNED_ANEW, type Queries } from './database.ts'

/** So few conversations are looked through one by one, and every message of them. */
const FEW = 1000
/** Of messages that have the words, the newest so many; more than that would be most of what was ever said. */
const MOST_MESSAGES = 20_000
const MOST_NAMES = 10_000
/** The newest so many are looked through themselves: for parts of words, and for what is no word. */
const FRESH = 5000

export interface WordSearch extends ConversationSearch {
  text: string
}

/** A numbered page of the conversations in which the words are said, or whose contact is called so. */
export async function searchWords(db: Queries, accountId: string, search: WordSearch): Promise<FoundPage> {
  const few = await fewOf(db, accountId, search)
  const found = few ? lookedThrough(accountId, search, few) : indexed(accountId, search)
  const page = sql`select id from found order by ${byKey(search)}
    limit ${search.limit} offset ${search.offset}`
  const { rows } = await sql<FoundPage>`
    with ${found}
    select (select count(*) from found) as total, array(${page}) as ids
  `.execute(db)
  const { ids, total } = rows[0] ?? { ids: [], total: 0 }
  const shown = Math.max(0, MOST_COUNTED - search.offset)
  return { ids: ids.slice(0, shown), total: Math.min(total, MOST_COUNTED) }
}

/** What the filters leave, when that is little. Without a filter nobody asks. */
async function fewOf(db: Queries, accountId: string, search: WordSearch): Promise<string[] | null> {
  const asked = { ...search, text: undefined }
  if (isCounted(asked)) {
    if (!search.status && !isOfChannels(search)) return null
    if ((await countConversations(db, accountId, asked)) > FEW) return null
  }
  const { rows } = await sql<{ id: string }>`${sql.raw(PLANNED_ANEW)}
    select id from (${byChange(accountId, asked, { order: 'desc' })} limit ${FEW + 1}) few
  `.execute(db)
  return rows.length > FEW ? null : rows.map(({ id }) => id)
}

const patternOf = (text: string) => `%${text.replace(/[\\%_]/g, (letter) => `\\${letter}`)}%`
/** The name index has three letters at a time. */
const hasThreeLetters = (text: string) => /[\p{L}\p{N}]{3}/u.test(text)

const NAME = sql`(coalesce(ct.custom_name, '') || ' ' || coalesce(ct.name, ''))`
/** Notes and system lines are not searched: no list shows them. The index has this condition. */
const SAID = sql`m.text <> '' and m.kind not in ('note', 'system')`

/** Every message of the conversations given. A subquery for one value is asked for each: never turned into one over all messages. */
function lookedThrough(accountId: string, search: WordSearch, ids: string[]): Sql {
  const pattern = patternOf(search.text)
  return sql`found as materialized (
    select c.* from unnest(${ids}::uuid[]) as few(id) cross join lateral (
      select c.id, c.contact_id, ${KEYS[search.sort]} as key from conversation c
       where c.account_id = ${accountId} and c.id = few.id limit 1) c
     where coalesce(
       (select true from contact ct where ct.account_id = ${accountId} and ct.id = c.contact_id and ${NAME} ilike ${pattern} limit 1),
       (select true from message m where m.account_id = ${accountId} and m.conversation_id = c.id and ${SAID}
          and m.text ilike ${pattern} limit 1)))`
}

/**
 * By the indexes of words and names. Each step ends by itself: slices of messages are asked from the newest back until enough is
 * found, and what was found is looked up one by one. The pattern is told in a way that keeps the planner from guessing how often
 * it occurs: of a frequent one it would read the table from its beginning.
 */
function indexed(accountId: string, search: WordSearch): Sql {
  const conditions = [sql`c.account_id = ${accountId}`, sql`c.id = f.conversation_id`]
  if (search.status) conditions.push(sql`c.status = ${search.status}`)
  conditions.push(...filtersOf(accountId, search))
  return sql`asked as materialized (
      select ${search.text}::text as words, ${patternOf(search.text)}::text as pattern),
    worded as materialized (${worded(accountId)} limit ${MOST_MESSAGES}),
    fresh as materialized (
      select m.conversation_id from (
        select conversation_id, text, kind from message where account_id = ${accountId} order by number desc limit ${FRESH}) m
       where ${SAID} and m.text ilike (select pattern from asked)),
    named as materialized (${named(accountId, search.text)}),
    found as materialized (
      select c.id, c.key from (
        select conversation_id from worded union select conversation_id from fresh
        union select conversation_id from named) f cross join lateral (
        select c.id, ${KEYS[search.sort]} as key from conversation c where ${and(conditions)} limit 1) c)`
}

function worded(accountId: string): Sql {
  const sliceAt = (end: 'asc' | 'desc') =>
    sql`(select number >> 19 from message where account_id = ${accountId} order by number ${sql.raw(end)} limit 1)`
  return sql`
    select m.conversation_id from generate_series(${sliceAt('desc')}, ${sliceAt('asc')}, -1) as slice cross join lateral (
      select m.conversation_id from message m where m.account_id = ${accountId} and ${SAID}
         and search_words(m.number >> 19, m.text) @@ search_query(slice, (select words from asked))
         and m.text ilike (select pattern from asked) limit ${MOST_MESSAGES}) m`
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
