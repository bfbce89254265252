import { sql } from 'kysely'
import type { Conversation } from '../domain/conversation.ts'
import type { Queries } from './database.ts'

// Whoever takes a channel, a group or a bot away goes through its conversations in pieces: there may be a million.

export async function lockActive(
  db: Queries,
  accountId: string,
  { of, limit }: { of: { channelId: string } | { botId: string }; limit: number },
): Promise<Conversation[]> {
  const condition =
    'channelId' in of
      ? sql`channel_id = ${of.channelId}`
      : sql`bot_id = ${of.botId} and (assignee_bot_id = ${of.botId} or is_bot_active)`
  const { rows } = await sql<Conversation>`
    select * from conversation where account_id = ${accountId} and ${condition} and status <> 'closed'
     order by id limit ${limit} for update
  `.execute(db)
  return rows
}

export async function leaveGroup(
  db: Queries,
  accountId: string,
  { groupId, limit }: { groupId: string; limit: number },
): Promise<number> {
  const { numAffectedRows = 0n } = await sql`
    update conversation set group_id = null where account_id = ${accountId} and id in (
      select id from conversation where account_id = ${accountId} and group_id = ${groupId}
       order by id limit ${limit} for update)
  `.execute(db)
  return Number(numAffectedRows)
}

export async function leaveBot(
  db: Queries,
  accountId: string,
  { botId, limit }: { botId: string; limit: number },
): Promise<number> {
  const { numAffectedRows = 0n } = await sql`
    update conversation set bot_id = null, assignee_bot_id = null, is_bot_active = false where account_id = ${accountId} and id in (
      select id from conversation where account_id = ${accountId} and bot_id = ${botId} order by id limit ${limit} for update)
  `.execute(db)
  return Number(numAffectedRows)
}
