import { Client as PgClient } from 'pg'
import { expect, vi } from 'vitest'
import type { EventBody, EventListBody } from '../src/dialects/native/schema/events.ts'
import type { Client, TestHouse } from './house.ts'

/** One answer of `GET /events`. */
export async function readPage(client: Client, query: Record<string, unknown> = {}): Promise<EventListBody> {
  const reply = await client.get('/events', query)
  expect(reply.status, reply.text).toBe(200)
  expect(Object.keys(reply.body)).toEqual(['events', 'cursor', 'hasMore'])
  return reply.body
}

/**
 * Follows the log until so many events have come; waits for them, since another test's transaction in the same cluster may hold them back.
 * Ends earlier when nothing comes for long.
 */
export async function follow(
  client: Client,
  options: { count: number; after?: string; limit?: number },
): Promise<EventListBody> {
  const { count, limit = 1000 } = options
  const events: EventBody[] = []
  let cursor = options.after
  for (;;) {
    const page = await readPage(client, { ...(cursor && { after: cursor }), limit, wait: 20 })
    events.push(...page.events)
    cursor = page.cursor
    if (events.length >= count || page.events.length === 0) return { events, cursor, hasMore: page.hasMore }
  }
}

/**
 * Until every event is final: a transaction of another test, which shares the cluster, may have begun before and hold the newest back.
 * None of our own may be open.
 */
export async function settleLog(house: Pick<TestHouse, 'sql'>): Promise<void> {
  await vi.waitFor(
    async () => {
      const rows = await house.sql(
        'select from event where transaction_id >= pg_snapshot_xmin(pg_current_snapshot()) limit 1',
      )
      expect(rows).toEqual([])
    },
    { timeout: 30_000, interval: 5 },
  )
}

/** The cursor after everything that has happened. */
export async function now(house: Pick<TestHouse, 'sql' | 'native'>, client = house.native): Promise<string> {
  await settleLog(house)
  return (await readPage(client, { after: 'latest' })).cursor
}

/** The events of an account as the database has them, in the log's order. */
export async function logOf(house: Pick<TestHouse, 'sql'>, accountId: string): Promise<string[]> {
  const rows = await house.sql<{ told: string }>(
    `select 'evt_' || id as told from event where account_id = $1 and type <> 'contact.erased' order by transaction_id, id`,
    [accountId],
  )
  return rows.map(({ told }) => told)
}

export const idsOf = (page: { events: { id: string }[] }) => page.events.map(({ id }) => id)

/** A connection of another program that writes events: one that announces nothing. */
export async function openWriter(databaseUrl: string, accountId: string) {
  const client = new PgClient({ connectionString: databaseUrl })
  client.on('error', () => undefined)
  await client.connect()
  return {
    run: (sql: string) => client.query(sql),
    /** Its id, as it will be told. */
    insert: async (type = 'operator.updated', data: object = { operatorId: accountId }): Promise<string> => {
      const { rows } = await client.query<{ id: string }>(
        `insert into event (account_id, type, conversation_id, data, is_silent, created_at)
         values ($1, $2, ($3::jsonb ->> 'conversationId')::uuid, $3, false, now()) returning 'evt_' || id as id`,
        [accountId, type, JSON.stringify(data)],
      )
      return rows[0]?.id ?? ''
    },
    [Symbol.asyncDispose]: () => client.end(),
  }
}
