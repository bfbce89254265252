import { sql } from 'kysely'
import type { Erasure, Remainder } from '../application/ports/erasure.ts'
import type { Conversation } from '../domain/conversation.ts'
import { CONVERSATION_STATE } from './columns.ts'
import type { Queries } from './database.ts'
import { eraseEvents, eraseEventsOfContact } from './event-erasure.ts'
import { createExpiry } from './message-expiry.ts'
import { dropJobs, enqueueFileRemoval } from './job-queue.ts'
import { updateRows } from './recordset.ts'

export function createErasure(db: Queries, accountId: string): Erasure {
  return {
    lockContact: (contactId) => lockContact(db, accountId, contactId),
    conversations: (ids) => eraseConversations(db, accountId, ids),
    contact: (contactId) => eraseContact(db, accountId, contactId),
    answers: async () => {
      await sql`delete from kept_answer where account_id = ${accountId} and status is not null`.execute(db)
    },
    lockConversations: async (ids) => {
      const { rows } = await sql<Conversation>`
        select * from conversation where account_id = ${accountId} and id = any(${ids}::uuid[]) order by id for update
      `.execute(db)
      return rows
    },
    messages: (ids) => eraseMessages(db, accountId, ids),
    remainders: (conversationIds) => remainders(db, accountId, conversationIds),
    saveAll: (conversations) =>
      updateRows(db, { table: 'conversation', columns: CONVERSATION_STATE }, conversations),
    ...createExpiry(db, accountId),
  }
}

/** The contact first, then its identities, then its conversations in id order: the order of everybody who takes several of these. */
async function lockContact(db: Queries, accountId: string, contactId: string) {
  const locked = await sql`
    select 1 from contact where account_id = ${accountId} and id = ${contactId} for update
  `.execute(db)
  if (locked.rows.length === 0) return null
  await sql`
    select 1 from contact_identity where account_id = ${accountId} and contact_id = ${contactId} order by id for update
  `.execute(db)
  // Identities lead to their channels, and these to the unique key of a conversation.
  const { rows } = await sql<{ id: string }>`
    select id from conversation where account_id = ${accountId} and contact_id = ${contactId} and channel_id = any(array(
        select channel_id from contact_identity where account_id = ${accountId} and contact_id = ${contactId}))
     order by id for update
  `.execute(db)
  return { conversationIds: rows.map(({ id }) => id) }
}

/**
 * Messages before what waits to be sent: a dispatch that writes down what became of one takes them in this order too. Events last,
 * once nobody who is still at work in one of the conversations can add any.
 */
async function eraseConversations(db: Queries, accountId: string, ids: string[]): Promise<void> {
  if (ids.length === 0) return
  const ours = sql`account_id = ${accountId} and conversation_id = any(${ids}::uuid[])`
  await sql`delete from message where ${ours}`.execute(db)
  await sql`delete from outbox where ${ours}`.execute(db)
  await sql`delete from review where ${ours}`.execute(db)
  await sql`delete from webhook_delivery where ${ours}`.execute(db)
  await removeFiles(db, sql`delete from attachment where ${ours} returning digest`)
  await sql`delete from episode where ${ours}`.execute(db)
  await sql`delete from conversation where account_id = ${accountId} and id = any(${ids}::uuid[])`.execute(db)
  for (const id of ids) await eraseEvents(db, accountId, id)
  await dropJobs(db, ids)
}

async function eraseContact(db: Queries, accountId: string, contactId: string): Promise<void> {
  await sql`
    delete from visitor_session s using contact_identity i
     where i.account_id = ${accountId} and i.contact_id = ${contactId}
       and s.account_id = i.account_id and s.channel_id = i.channel_id and s.external_id = i.external_id
  `.execute(db)
  await sql`
    delete from contact_identity where account_id = ${accountId} and contact_id = ${contactId}
  `.execute(db)
  const { rows } = await sql<{ avatarId: string | null }>`
    delete from contact where account_id = ${accountId} and id = ${contactId} returning avatar_id
  `.execute(db)
  const avatarId = rows[0]?.avatarId
  if (avatarId)
    await removeFiles(
      db,
      sql`delete from attachment where account_id = ${accountId} and id = ${avatarId} returning digest`,
    )
  await sql`
    delete from webhook_delivery where account_id = ${accountId} and contact_id = ${contactId}
  `.execute(db)
  await eraseEventsOfContact(db, accountId, contactId)
}

/** Deletes rows of attachments and has their bytes removed after the commit; says how many there were. */
async function removeFiles(db: Queries, deletion: ReturnType<typeof sql>): Promise<number> {
  const { rows } = await sql<{ digest: string; count: number }>`
    with gone as (${deletion}) select digest, count(*) as count from gone group by digest
  `.execute(db)
  await enqueueFileRemoval(
    db,
    rows.map(({ digest }) => digest),
  )
  return rows.reduce((sum, { count }) => sum + count, 0)
}

async function eraseMessages(db: Queries, accountId: string, ids: string[]) {
  if (ids.length === 0) return { messages: 0, files: 0 }
  const { rows } = await sql<{ conversationId: string; seq: number; attachmentId: string | null }>`
    delete from message where account_id = ${accountId} and id = any(${ids}::uuid[])
    returning conversation_id, seq, attachment_id
  `.execute(db)
  const conversationIds = [...new Set(rows.map((row) => row.conversationId))]
  const inThem = sql`account_id = ${accountId} and conversation_id = any(${conversationIds}::uuid[])`
  await sql`delete from outbox where ${inThem} and message_id = any(${ids}::uuid[])`.execute(db)
  await sql`delete from review where ${inThem} and message_id = any(${ids}::uuid[])`.execute(db)
  // What else was told of these conversations may hold their words too.
  await sql`
    delete from webhook_delivery
     where ${inThem} and (message_id = any(${ids}::uuid[]) or (message_id is null and status <> 'pending'))
  `.execute(db)
  const attachmentIds = rows.flatMap((row) => row.attachmentId ?? [])
  const files = await removeFiles(
    db,
    sql`delete from attachment where account_id = ${accountId} and id = any(${attachmentIds}::uuid[]) returning digest`,
  )
  return { messages: rows.length, files }
}

async function remainders(
  db: Queries,
  accountId: string,
  conversationIds: string[],
): Promise<Map<string, Remainder>> {
  const { rows } = await sql<Remainder & { id: string }>`
    select asked.id, count(m.id) as entries, count(m.id) filter (where is_spoken) as spoken,
           count(m.id) filter (where is_spoken and m.direction = 'inbound') as inbound,
           (array_agg(m.created_at order by m.seq) filter (where is_spoken))[1] as first_spoken_at,
           (array_agg(m.id order by m.seq desc) filter (where is_spoken))[1] as last_spoken_id
      from unnest(${conversationIds}::uuid[]) as asked(id)
      left join message m on m.account_id = ${accountId} and m.conversation_id = asked.id
      cross join lateral (select m.kind not in ('note', 'system') as is_spoken) k
     group by asked.id
  `.execute(db)
  return new Map(rows.map(({ id, ...left }) => [id, left]))
}
