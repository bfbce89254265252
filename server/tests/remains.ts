import { expect } from 'vitest'
import type { TestHouse } from './house.ts'

/** The tables, jobs too, in which any of these words stands, in any row and column, whatever its letters' case. */
export async function hasNothingOf(house: TestHouse, words: string[]): Promise<string[]> {
  const tables = await house.sql<{ schema: string; name: string }>(
    `select table_schema as schema, table_name as name from information_schema.tables
      where table_type = 'BASE TABLE' and table_schema in ('public', 'graphile_worker') order by 1, 2`,
  )
  const found = []
  for (const { schema, name } of tables) {
    const rows = await house.sql(
      `select 1 from ${schema}.${name} t where exists (select from unnest($1::text[]) word where t::text ilike '%' || word || '%') limit 1`,
      [words],
    )
    if (rows.length > 0) found.push(name)
  }
  return found.toSorted()
}

/** What is counted as it changes is what a count says now; and each conversation tells of the messages it has. */
export async function expectCountersRight(house: TestHouse): Promise<void> {
  const counted = await house.sql(
    `select account_id, channel_id, status, sum(count)::int as count from conversation_count
      group by 1, 2, 3 having sum(count) <> 0 order by 1, 2, 3`,
  )
  const recounted = await house.sql(
    `select account_id, channel_id, status, count(*)::int from conversation group by 1, 2, 3 order by 1, 2, 3`,
  )
  expect(counted).toEqual(recounted)
  const wrong = await house.sql(`
    select c.id, c.message_count, m.spoken, c.last_message_id, m.last_id from conversation c
      cross join lateral (
        select count(*) filter (where kind not in ('note', 'system')) as spoken,
               (array_agg(id order by seq desc) filter (where kind not in ('note', 'system')))[1] as last_id,
               (array_agg(created_at order by seq) filter (where kind not in ('note', 'system')))[1] as first_at
          from message where account_id = c.account_id and conversation_id = c.id) m
     where c.message_count <> m.spoken or c.last_message_id is distinct from m.last_id
        or c.first_message_at is distinct from m.first_at or (c.last_message_at is null) <> (m.last_id is null)
        or c.unread_count > c.message_count`)
  expect(wrong).toEqual([])
  const tags = await house.sql(`
    (select account_id, tag collate "C", id from conversation, unnest(tags) tag except select * from conversation_tag)
    union all (select * from conversation_tag except select account_id, tag collate "C", id from conversation, unnest(tags) tag)`)
  expect(tags).toEqual([])
}
