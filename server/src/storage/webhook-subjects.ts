import { sql } from 'kysely'
import type { WebhookSubjects } from '../application/ports/webhook-subjects.ts'
import type { Bot } from '../domain/bot.ts'
import type { Queries } from './database.ts'
import { createLoader, toMessages } from './load.ts'
import type { MessageRow } from './tables.ts'

export function createWebhookSubjects(db: Queries, accountId: string): WebhookSubjects {
  const loader = createLoader(db, [accountId])
  return {
    contacts: (ids) => loader.contacts(ids),
    channels: (ids) => loader.channels(ids),
    operators: (ids) => loader.operators(ids),
    bots: async (ids) => {
      if (ids.length === 0) return new Map()
      const rows = await db
        .selectFrom('bot')
        .selectAll()
        .where('accountId', '=', accountId)
        .where('id', 'in', ids)
        .execute()
      return new Map(rows.map(({ removedAt: _removed, ...bot }): [string, Bot] => [bot.id, bot]))
    },
    firstMessages: async (conversationIds) => {
      if (conversationIds.length === 0) return new Map()
      const { rows } = await sql<{ conversationId: string; id: string }>`
        select first.conversation_id, first.id from unnest(${conversationIds}::uuid[]) c(id) cross join lateral (
          select conversation_id, id from message
           where account_id = ${accountId} and conversation_id = c.id and kind not in ('note', 'system')
           order by seq limit 1) first
      `.execute(db)
      return new Map(rows.map(({ conversationId, id }) => [conversationId, id]))
    },
    saidIn: async (episodeId, limit) => {
      const { rows } = await sql<MessageRow>`
        select m.* from episode e cross join lateral (
          select * from message
           where account_id = e.account_id and conversation_id = e.conversation_id and seq > e.after_seq
             and kind not in ('note', 'system') and created_at <= coalesce(e.closed_at, 'infinity')
           order by seq desc limit ${limit}) m
         where e.account_id = ${accountId} and e.id = ${episodeId} order by m.seq
      `.execute(db)
      return toMessages(loader, rows)
    },
  }
}
