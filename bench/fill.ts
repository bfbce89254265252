import type { Client } from 'pg'

/** Makes so many conversations with one message each, on one channel of the account; returns their integer names and ids. */
export async function fillConversations(
  client: Client,
  account: { id: string },
  channelId: string,
  count: number,
): Promise<{ number: number; id: string }[]> {
  await client.query(
    `with people as (
       insert into contact (account_id, id, name, phone, created_at, updated_at)
       select $1, gen_random_uuid(), 'Customer ' || n, '49' || lpad(n::text, 9, '0'), now(), now() from generate_series(1, $3::int) n
       returning account_id, id, number, phone),
     identities as (
       insert into contact_identity (account_id, id, number, contact_id, channel_id, external_id, secret_key, created_at, updated_at)
       select account_id, gen_random_uuid(), number, id, $2, phone, md5(random()::text), now(), now() from people
       returning account_id, id, contact_id)
     insert into conversation (account_id, id, channel_id, contact_id, identity_id, status, is_bot_active, group_id, priority, tags, metadata,
       unread_count, message_count, last_seq, last_micros, is_waiting, is_new, is_operator_last, is_note_last, is_outgoing, is_locked,
       unassigned_at, flags, token, created_at, updated_at)
     select i.account_id, gen_random_uuid(), $2, i.contact_id, i.id, 'open', false, g.id, 'normal', '{}', '{}', 0, 0, 0, 0, false, true, false,
       false, false, false, now(), '{}', md5(random()::text), now(), now()
     from identities i join operator_group g on g.account_id = i.account_id and g.is_default`,
    [account.id, channelId, count],
  )
  await client.query('analyze')
  const { rows } = await client.query<{ number: string; id: string }>(
    'select number, id from conversation where account_id = $1 and channel_id = $2 order by number',
    [account.id, channelId],
  )
  return rows.map(({ number, id }) => ({ number: Number(number), id }))
}
