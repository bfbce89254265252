import { sql } from 'kysely'
import type { ConversationSearch } from '../application/ports/reader.ts'
import type { Conversation } from '../domain/conversation.ts'
import type { Queries } from './database.ts'

const PRIORITY_RANK = sql`case c.priority when 'low' then 0 when 'normal' then 1 when 'high' then 2 else 3 end`
const STATUS_RANK = sql`case c.status when 'open' then 0 when 'pending' then 1 when 'snoozed' then 2 else 3 end`

const SORTS: Record<ConversationSearch['sort'], ReturnType<typeof sql>> = {
  createdAt: sql`c.created_at`,
  updatedAt: sql`c.updated_at`,
  lastMessageAt: sql`c.last_message_at`,
  status: STATUS_RANK,
  priority: PRIORITY_RANK,
  unreadCount: sql`c.unread_count`,
}

/** A numbered page of the conversations that match, and how many match in all. Ties are broken by id. */
export async function searchConversations(
  db: Queries,
  accountId: string,
  search: ConversationSearch,
): Promise<{ conversations: Conversation[]; total: number }> {
  const where = sql.join([sql`c.account_id = ${accountId}`, ...conditions(search)], sql` and `)
  const direction = search.order === 'asc' ? sql`asc nulls first` : sql`desc nulls last`
  const page = await sql<Conversation>`
    select c.* from conversation c where ${where}
     order by ${SORTS[search.sort]} ${direction}, c.id ${search.order === 'asc' ? sql`asc` : sql`desc`}
     limit ${search.limit} offset ${search.offset}
  `.execute(db)
  const counted = await sql<{ total: number }>`
    select count(*) as total from conversation c where ${where}
  `.execute(db)
  return { conversations: page.rows, total: counted.rows[0]?.total ?? 0 }
}

type Condition = ReturnType<typeof sql>

function conditions(search: ConversationSearch): Condition[] {
  const found: Condition[] = []
  if (search.status) found.push(sql`c.status = ${search.status}`)
  if (search.channelId) found.push(sql`c.channel_id = ${search.channelId}`)
  if (search.contactId) found.push(sql`c.contact_id = ${search.contactId}`)
  if (search.botId) found.push(sql`c.bot_id = ${search.botId}`)
  if (search.createdFrom) found.push(sql`c.created_at >= ${search.createdFrom}`)
  if (search.createdBefore) found.push(sql`c.created_at < ${search.createdBefore}`)
  if (search.channelKinds) found.push(onKinds(search.channelKinds))
  if (search.assigneeId) found.push(heldBy(search.assigneeId))
  if (search.text) found.push(mentions(search.text))
  return found
}

const onKinds = (kinds: string[]): Condition => sql`
  c.channel_id in (select id from channel where account_id = c.account_id and kind = any(${kinds}::text[]))`

const heldBy = (id: string): Condition => sql`
  (c.assignee_id = ${id} or c.assignee_bot_id = ${id} or (c.bot_id = ${id} and c.is_bot_active))`

/** Both halves can be answered by the trigram indexes. Notes and system lines are not searched: no list shows them. */
function mentions(text: string): Condition {
  const pattern = `%${text.replace(/[\\%_]/g, (letter) => `\\${letter}`)}%`
  return sql`(
    c.contact_id in (select ct.id from contact ct where ct.account_id = c.account_id
      and (coalesce(ct.custom_name, '') || ' ' || coalesce(ct.name, '')) ilike ${pattern})
    or c.id in (select m.conversation_id from message m where m.account_id = c.account_id
      and m.text <> '' and m.text ilike ${pattern} and m.kind not in ('note', 'system')))`
}
