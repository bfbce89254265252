-- Blinger: unassigned
with queue as materialized (
  select c.id, c.updated_at from conversation c where c.account_id = $1 and c.status <> 'closed' and c.assignee_id is null
  order by c.updated_at desc, c.id desc limit $2)
  select c.id, c.number, ch.kind, g.number as group_number, o.number as assignee_number, o.email as assignee_email,
  ct.name, ct.custom_name, i.number as identity_number, i.nickname, i.external_id,
  c.is_new, c.unread_count, c.unassigned_at, c.last_message_at
  from queue q
  cross join lateral (select * from conversation where account_id = $3 and id = q.id limit 1) c
  cross join lateral (select name, custom_name from contact
  where account_id = $4 and id = c.contact_id limit 1) ct
  cross join lateral (select number, nickname, external_id from contact_identity
  where account_id = $5 and id = c.identity_id limit 1) i
  join channel ch on ch.account_id = $6 and ch.id = c.channel_id
  left join operator o on o.account_id = $7 and o.id = c.assignee_id
  left join operator_group g on g.account_id = $8 and g.id = c.group_id
  order by q.updated_at desc, q.id desc
  -> Index Only Scan using conversation_unassigned on conversation
  -> Index Scan using conversation_pkey on conversation
  -> Index Scan using contact_pkey on contact
  -> Index Scan using contact_identity_pkey on contact_identity

-- Blinger: unassigned of a group
with queue as materialized (
  select c.id, c.updated_at from conversation c where c.account_id = $1 and c.status <> 'closed' and c.assignee_id is null and c.group_id = (select id from "operator_group" where account_id = $2 and number = $3)
  order by c.updated_at desc, c.id desc limit $4)
  select c.id, c.number, ch.kind, g.number as group_number, o.number as assignee_number, o.email as assignee_email,
  ct.name, ct.custom_name, i.number as identity_number, i.nickname, i.external_id,
  c.is_new, c.unread_count, c.unassigned_at, c.last_message_at
  from queue q
  cross join lateral (select * from conversation where account_id = $5 and id = q.id limit 1) c
  cross join lateral (select name, custom_name from contact
  where account_id = $6 and id = c.contact_id limit 1) ct
  cross join lateral (select number, nickname, external_id from contact_identity
  where account_id = $7 and id = c.identity_id limit 1) i
  join channel ch on ch.account_id = $8 and ch.id = c.channel_id
  left join operator o on o.account_id = $9 and o.id = c.assignee_id
  left join operator_group g on g.account_id = $10 and g.id = c.group_id
  order by q.updated_at desc, q.id desc
  -> Index Only Scan using conversation_unassigned on conversation
  -> Index Scan using conversation_pkey on conversation
  -> Index Scan using contact_pkey on contact
  -> Index Scan using contact_identity_pkey on contact_identity

-- Blinger: unread
with queue as materialized (
  select c.id, c.updated_at from conversation c where c.account_id = $1 and c.status <> 'closed' and c.assignee_id is not null and c.unread_count > 0
  order by c.updated_at desc, c.id desc limit $2)
  select c.id, c.number, ch.kind, g.number as group_number, o.number as assignee_number, o.email as assignee_email,
  ct.name, ct.custom_name, i.number as identity_number, i.nickname, i.external_id,
  c.is_new, c.unread_count, c.unassigned_at, c.last_message_at
  from queue q
  cross join lateral (select * from conversation where account_id = $3 and id = q.id limit 1) c
  cross join lateral (select name, custom_name from contact
  where account_id = $4 and id = c.contact_id limit 1) ct
  cross join lateral (select number, nickname, external_id from contact_identity
  where account_id = $5 and id = c.identity_id limit 1) i
  join channel ch on ch.account_id = $6 and ch.id = c.channel_id
  left join operator o on o.account_id = $7 and o.id = c.assignee_id
  left join operator_group g on g.account_id = $8 and g.id = c.group_id
  order by q.updated_at desc, q.id desc
  -> Index Only Scan using conversation_unread on conversation
  -> Index Scan using conversation_pkey on conversation
  -> Index Scan using contact_pkey on contact
  -> Index Scan using contact_identity_pkey on contact_identity

-- Blinger: unread of an operator
with queue as materialized (
  select c.id, c.updated_at from conversation c where c.account_id = $1 and c.status <> 'closed' and c.assignee_id is not null and c.unread_count > 0 and c.assignee_id = (select id from "operator" where account_id = $2 and number = $3)
  order by c.updated_at desc, c.id desc limit $4)
  select c.id, c.number, ch.kind, g.number as group_number, o.number as assignee_number, o.email as assignee_email,
  ct.name, ct.custom_name, i.number as identity_number, i.nickname, i.external_id,
  c.is_new, c.unread_count, c.unassigned_at, c.last_message_at
  from queue q
  cross join lateral (select * from conversation where account_id = $5 and id = q.id limit 1) c
  cross join lateral (select name, custom_name from contact
  where account_id = $6 and id = c.contact_id limit 1) ct
  cross join lateral (select number, nickname, external_id from contact_identity
  where account_id = $7 and id = c.identity_id limit 1) i
  join channel ch on ch.account_id = $8 and ch.id = c.channel_id
  left join operator o on o.account_id = $9 and o.id = c.assignee_id
  left join operator_group g on g.account_id = $10 and g.id = c.group_id
  order by q.updated_at desc, q.id desc
  -> Index Only Scan using conversation_unread on conversation
  -> Index Scan using conversation_pkey on conversation
  -> Index Scan using contact_pkey on contact
  -> Index Scan using contact_identity_pkey on contact_identity

-- Blinger: not answered
with queue as materialized (
  select c.id, c.updated_at from conversation c where c.account_id = $1 and c.status <> 'closed' and c.assignee_id is not null and c.is_waiting
  order by c.updated_at desc, c.id desc limit $2)
  select c.id, c.number, ch.kind, g.number as group_number, o.number as assignee_number, o.email as assignee_email,
  ct.name, ct.custom_name, i.number as identity_number, i.nickname, i.external_id,
  c.is_new, c.unread_count, c.unassigned_at, c.last_message_at
  from queue q
  cross join lateral (select * from conversation where account_id = $3 and id = q.id limit 1) c
  cross join lateral (select name, custom_name from contact
  where account_id = $4 and id = c.contact_id limit 1) ct
  cross join lateral (select number, nickname, external_id from contact_identity
  where account_id = $5 and id = c.identity_id limit 1) i
  join channel ch on ch.account_id = $6 and ch.id = c.channel_id
  left join operator o on o.account_id = $7 and o.id = c.assignee_id
  left join operator_group g on g.account_id = $8 and g.id = c.group_id
  order by q.updated_at desc, q.id desc
  -> Index Only Scan using conversation_unanswered on conversation
  -> Index Scan using conversation_pkey on conversation
  -> Index Scan using contact_pkey on contact
  -> Index Scan using contact_identity_pkey on contact_identity

-- Blinger: not answered of an operator and a group
with queue as materialized (
  select c.id, c.updated_at from conversation c where c.account_id = $1 and c.status <> 'closed' and c.assignee_id is not null and c.is_waiting and c.assignee_id = (select id from "operator" where account_id = $2 and number = $3) and c.group_id = (select id from "operator_group" where account_id = $4 and number = $5)
  order by c.updated_at desc, c.id desc limit $6)
  select c.id, c.number, ch.kind, g.number as group_number, o.number as assignee_number, o.email as assignee_email,
  ct.name, ct.custom_name, i.number as identity_number, i.nickname, i.external_id,
  c.is_new, c.unread_count, c.unassigned_at, c.last_message_at
  from queue q
  cross join lateral (select * from conversation where account_id = $7 and id = q.id limit 1) c
  cross join lateral (select name, custom_name from contact
  where account_id = $8 and id = c.contact_id limit 1) ct
  cross join lateral (select number, nickname, external_id from contact_identity
  where account_id = $9 and id = c.identity_id limit 1) i
  join channel ch on ch.account_id = $10 and ch.id = c.channel_id
  left join operator o on o.account_id = $11 and o.id = c.assignee_id
  left join operator_group g on g.account_id = $12 and g.id = c.group_id
  order by q.updated_at desc, q.id desc
  -> Index Only Scan using conversation_unanswered on conversation
  -> Index Scan using conversation_pkey on conversation
  -> Index Scan using contact_pkey on contact
  -> Index Scan using contact_identity_pkey on contact_identity

-- Blinger: get
select c.* from conversation c where c.account_id = $1 and c.number = $2
  -> Index Scan using conversation_account_id_number_key on conversation
select a.id, a.number, a.name, a.phone, a.description, a.owner_id, a.created_at, a.updated_at,
  coalesce(o.number, 0) as owner_number from account a
  left join operator o on o.account_id = a.id and o.id = a.owner_id
  where a.id = any($1::uuid[])
select * from "channel" where account_id = any($1::uuid[]) and id = any($2::uuid[])
select * from "contact" where account_id = any($1::uuid[]) and id = any($2::uuid[])
  -> Index Scan using contact_pkey on contact
select * from "contact_identity" where account_id = any($1::uuid[]) and id = any($2::uuid[])
  -> Index Scan using contact_identity_pkey on contact_identity
select * from "operator" where account_id = any($1::uuid[]) and id = any($2::uuid[])
select * from "operator_group" where account_id = any($1::uuid[]) and id = any($2::uuid[])
select * from "message" where account_id = any($1::uuid[]) and id = any($2::uuid[])
  -> Index Scan using message_pkey on message
select * from "message" where "account_id" = $1 and "conversation_id" = $2 and "kind" not in ($3, $4) order by "seq" desc
  -> Index Scan using message_account_id_conversation_id_seq_key on message
  (as in Blinger: get: select * from "operator" where account_id = any($1::uuid[])  …)

-- Pact: conversations
select c.* from conversation c where c.account_id = $1 order by c.number asc limit $2
  -> Index Scan using conversation_account_id_number_key on conversation
  (as in Blinger: get: select a.id, a.number, a.name, a.phone, a.description, a.own …)
  (as in Blinger: get: select * from "channel" where account_id = any($1::uuid[]) a …)
  (as in Blinger: get: select * from "contact" where account_id = any($1::uuid[]) a …)
  (as in Blinger: get: select * from "contact_identity" where account_id = any($1:: …)
  (as in Blinger: get: select * from "operator" where account_id = any($1::uuid[])  …)
  (as in Blinger: get: select * from "operator_group" where account_id = any($1::uu …)
  (as in Blinger: get: select * from "message" where account_id = any($1::uuid[]) a …)
  (as in Blinger: get: select * from "operator" where account_id = any($1::uuid[])  …)

-- Pact: conversations, next page
select c.* from conversation c where c.account_id = $1 and c.number > $2 order by c.number asc limit $3
  -> Index Scan using conversation_account_id_number_key on conversation
  (as in Blinger: get: select a.id, a.number, a.name, a.phone, a.description, a.own …)
  (as in Blinger: get: select * from "channel" where account_id = any($1::uuid[]) a …)
  (as in Blinger: get: select * from "contact" where account_id = any($1::uuid[]) a …)
  (as in Blinger: get: select * from "contact_identity" where account_id = any($1:: …)
  (as in Blinger: get: select * from "operator" where account_id = any($1::uuid[])  …)
  (as in Blinger: get: select * from "operator_group" where account_id = any($1::uu …)
  (as in Blinger: get: select * from "message" where account_id = any($1::uuid[]) a …)
  (as in Blinger: get: select * from "operator" where account_id = any($1::uuid[])  …)

-- Pact: messages, next page
select * from "message" where "account_id" = $1 and "conversation_id" = $2 and "seq" > $3 and "kind" not in ($4, $5) and "status" not in ($6, $7) order by "seq" asc limit $8
  -> Index Scan using message_account_id_conversation_id_seq_key on message
  (as in Blinger: get: select * from "operator" where account_id = any($1::uuid[])  …)

-- Pact: channels
select * from "channel" where "account_id" = $1 and "removed_at" is null order by "number" asc limit $2
  -> Sort

-- Linktor: conversations
select coalesce(sum(count), 0)::bigint as total from conversation_count where account_id = $1
/* planned anew */
  select id from (select * from ((select c.id, c.updated_at from conversation c where c.account_id = $1 and c.status = 'open'
  order by c.updated_at desc, c.id desc) union all (select c.id, c.updated_at from conversation c where c.account_id = $2 and c.status = 'pending'
  order by c.updated_at desc, c.id desc) union all (select c.id, c.updated_at from conversation c where c.account_id = $3 and c.status = 'snoozed'
  order by c.updated_at desc, c.id desc) union all (select c.id, c.updated_at from conversation c where c.account_id = $4 and c.status = 'closed'
  order by c.updated_at desc, c.id desc)) merged
  order by updated_at desc, id desc limit $5 offset $6) page
  -> Index Only Scan using conversation_status on conversation
select * from conversation where account_id = $1 and id = any($2::uuid[])
  -> Index Scan using conversation_pkey on conversation
  (as in Blinger: get: select a.id, a.number, a.name, a.phone, a.description, a.own …)
  (as in Blinger: get: select * from "channel" where account_id = any($1::uuid[]) a …)
  (as in Blinger: get: select * from "contact" where account_id = any($1::uuid[]) a …)
  (as in Blinger: get: select * from "contact_identity" where account_id = any($1:: …)
  (as in Blinger: get: select * from "operator" where account_id = any($1::uuid[])  …)
  (as in Blinger: get: select * from "operator_group" where account_id = any($1::uu …)
  (as in Blinger: get: select * from "message" where account_id = any($1::uuid[]) a …)
  (as in Blinger: get: select * from "operator" where account_id = any($1::uuid[])  …)

-- Linktor: conversations, a page far back
  (as in Linktor: conversations: select coalesce(sum(count), 0)::bigint as total from convers …)
/* planned anew */
  select id from (select * from ((select c.id, c.updated_at from conversation c where c.account_id = $1 and c.status = 'open'
  order by c.updated_at asc, c.id asc) union all (select c.id, c.updated_at from conversation c where c.account_id = $2 and c.status = 'pending'
  order by c.updated_at asc, c.id asc) union all (select c.id, c.updated_at from conversation c where c.account_id = $3 and c.status = 'snoozed'
  order by c.updated_at asc, c.id asc) union all (select c.id, c.updated_at from conversation c where c.account_id = $4 and c.status = 'closed'
  order by c.updated_at asc, c.id asc)) merged
  order by updated_at asc, id asc limit $5 offset $6) page
  -> Index Only Scan using conversation_status on conversation
  (as in Linktor: conversations: select * from conversation where account_id = $1 and id = an …)
  (as in Blinger: get: select a.id, a.number, a.name, a.phone, a.description, a.own …)
  (as in Blinger: get: select * from "channel" where account_id = any($1::uuid[]) a …)
  (as in Blinger: get: select * from "contact" where account_id = any($1::uuid[]) a …)
  (as in Blinger: get: select * from "contact_identity" where account_id = any($1:: …)
  (as in Blinger: get: select * from "operator" where account_id = any($1::uuid[])  …)
  (as in Blinger: get: select * from "operator_group" where account_id = any($1::uu …)
  (as in Blinger: get: select * from "message" where account_id = any($1::uuid[]) a …)
  (as in Blinger: get: select * from "operator" where account_id = any($1::uuid[])  …)

-- Linktor: conversations of a status
select coalesce(sum(count), 0)::bigint as total from conversation_count where account_id = $1 and status = $2
/* planned anew */
  select id from (select * from ((select c.id, c.updated_at from conversation c where c.account_id = $1 and c.status = 'open'
  order by c.updated_at desc, c.id desc)) merged
  order by updated_at desc, id desc limit $2 offset $3) page
  -> Index Only Scan using conversation_status on conversation
  (as in Linktor: conversations: select * from conversation where account_id = $1 and id = an …)
  (as in Blinger: get: select a.id, a.number, a.name, a.phone, a.description, a.own …)
  (as in Blinger: get: select * from "channel" where account_id = any($1::uuid[]) a …)
  (as in Blinger: get: select * from "contact" where account_id = any($1::uuid[]) a …)
  (as in Blinger: get: select * from "contact_identity" where account_id = any($1:: …)
  (as in Blinger: get: select * from "operator" where account_id = any($1::uuid[])  …)
  (as in Blinger: get: select * from "operator_group" where account_id = any($1::uu …)
  (as in Blinger: get: select * from "message" where account_id = any($1::uuid[]) a …)
  (as in Blinger: get: select * from "operator" where account_id = any($1::uuid[])  …)

-- Linktor: conversations by createdAt
  (as in Linktor: conversations: select coalesce(sum(count), 0)::bigint as total from convers …)
/* planned anew */
  select id from (select c.id, c.created_at from conversation c where c.account_id = $1
  order by c.created_at desc, c.id desc limit $2 offset $3) page
  -> Index Only Scan using conversation_created on conversation
  (as in Linktor: conversations: select * from conversation where account_id = $1 and id = an …)
  (as in Blinger: get: select a.id, a.number, a.name, a.phone, a.description, a.own …)
  (as in Blinger: get: select * from "channel" where account_id = any($1::uuid[]) a …)
  (as in Blinger: get: select * from "contact" where account_id = any($1::uuid[]) a …)
  (as in Blinger: get: select * from "contact_identity" where account_id = any($1:: …)
  (as in Blinger: get: select * from "operator" where account_id = any($1::uuid[])  …)
  (as in Blinger: get: select * from "operator_group" where account_id = any($1::uu …)
  (as in Blinger: get: select * from "message" where account_id = any($1::uuid[]) a …)
  (as in Blinger: get: select * from "operator" where account_id = any($1::uuid[])  …)

-- Linktor: conversations of a status by createdAt
  (as in Linktor: conversations of a status: select coalesce(sum(count), 0)::bigint as total from convers …)
/* planned anew */
  select id from (select n.id from (select * from ((select c.id, c.updated_at from conversation c where c.account_id = $1 and c.status = 'pending'
  order by c.updated_at desc, c.id desc)) merged
  order by updated_at desc, id desc limit 10000) n cross join lateral (
  select c.created_at as key from conversation c
  where c.account_id = $2 and c.id = n.id limit 1) k
  order by key desc nulls last, id desc limit $3 offset $4) page
  -> Sort
  -> Index Only Scan using conversation_status on conversation
  -> Index Scan using conversation_pkey on conversation
  (as in Linktor: conversations: select * from conversation where account_id = $1 and id = an …)
  (as in Blinger: get: select a.id, a.number, a.name, a.phone, a.description, a.own …)
  (as in Blinger: get: select * from "channel" where account_id = any($1::uuid[]) a …)
  (as in Blinger: get: select * from "contact" where account_id = any($1::uuid[]) a …)
  (as in Blinger: get: select * from "contact_identity" where account_id = any($1:: …)
  (as in Blinger: get: select * from "operator" where account_id = any($1::uuid[])  …)
  (as in Blinger: get: select * from "operator_group" where account_id = any($1::uu …)
  (as in Blinger: get: select * from "message" where account_id = any($1::uuid[]) a …)
  (as in Blinger: get: select * from "operator" where account_id = any($1::uuid[])  …)

-- Linktor: conversations by lastMessageAt
  (as in Linktor: conversations: select coalesce(sum(count), 0)::bigint as total from convers …)
/* planned anew */
  select id from (select n.id from (select * from ((select c.id, c.updated_at from conversation c where c.account_id = $1 and c.status = 'open'
  order by c.updated_at desc, c.id desc) union all (select c.id, c.updated_at from conversation c where c.account_id = $2 and c.status = 'pending'
  order by c.updated_at desc, c.id desc) union all (select c.id, c.updated_at from conversation c where c.account_id = $3 and c.status = 'snoozed'
  order by c.updated_at desc, c.id desc) union all (select c.id, c.updated_at from conversation c where c.account_id = $4 and c.status = 'closed'
  order by c.updated_at desc, c.id desc)) merged
  order by updated_at desc, id desc limit 10000) n cross join lateral (
  select c.last_message_at as key from conversation c
  where c.account_id = $5 and c.id = n.id limit 1) k
  order by key desc nulls last, id desc limit $6 offset $7) page
  -> Sort
  -> Index Only Scan using conversation_status on conversation
  -> Index Scan using conversation_pkey on conversation
  (as in Linktor: conversations: select * from conversation where account_id = $1 and id = an …)
  (as in Blinger: get: select a.id, a.number, a.name, a.phone, a.description, a.own …)
  (as in Blinger: get: select * from "channel" where account_id = any($1::uuid[]) a …)
  (as in Blinger: get: select * from "contact" where account_id = any($1::uuid[]) a …)
  (as in Blinger: get: select * from "contact_identity" where account_id = any($1:: …)
  (as in Blinger: get: select * from "operator" where account_id = any($1::uuid[])  …)
  (as in Blinger: get: select * from "operator_group" where account_id = any($1::uu …)
  (as in Blinger: get: select * from "message" where account_id = any($1::uuid[]) a …)
  (as in Blinger: get: select * from "operator" where account_id = any($1::uuid[])  …)

-- Linktor: conversations of a status by lastMessageAt
  (as in Linktor: conversations of a status: select coalesce(sum(count), 0)::bigint as total from convers …)
/* planned anew */
  select id from (select n.id from (select * from ((select c.id, c.updated_at from conversation c where c.account_id = $1 and c.status = 'pending'
  order by c.updated_at desc, c.id desc)) merged
  order by updated_at desc, id desc limit 10000) n cross join lateral (
  select c.last_message_at as key from conversation c
  where c.account_id = $2 and c.id = n.id limit 1) k
  order by key desc nulls last, id desc limit $3 offset $4) page
  -> Sort
  -> Index Only Scan using conversation_status on conversation
  -> Index Scan using conversation_pkey on conversation
  (as in Linktor: conversations: select * from conversation where account_id = $1 and id = an …)
  (as in Blinger: get: select a.id, a.number, a.name, a.phone, a.description, a.own …)
  (as in Blinger: get: select * from "channel" where account_id = any($1::uuid[]) a …)
  (as in Blinger: get: select * from "contact" where account_id = any($1::uuid[]) a …)
  (as in Blinger: get: select * from "contact_identity" where account_id = any($1:: …)
  (as in Blinger: get: select * from "operator" where account_id = any($1::uuid[])  …)
  (as in Blinger: get: select * from "operator_group" where account_id = any($1::uu …)
  (as in Blinger: get: select * from "message" where account_id = any($1::uuid[]) a …)
  (as in Blinger: get: select * from "operator" where account_id = any($1::uuid[])  …)

-- Linktor: conversations by status
  (as in Linktor: conversations: select coalesce(sum(count), 0)::bigint as total from convers …)
/* planned anew */
  select id from (select * from ((select 0 as rank, id, updated_at from (select * from ((select c.id, c.updated_at from conversation c where c.account_id = $1 and c.status = 'open'
  order by c.updated_at desc, c.id desc)) merged
  order by updated_at desc, id desc limit $2) one) union all (select 1 as rank, id, updated_at from (select * from ((select c.id, c.updated_at from conversation c where c.account_id = $3 and c.status = 'pending'
  order by c.updated_at desc, c.id desc)) merged
  order by updated_at desc, id desc limit $4) one) union all (select 2 as rank, id, updated_at from (select * from ((select c.id, c.updated_at from conversation c where c.account_id = $5 and c.status = 'snoozed'
  order by c.updated_at desc, c.id desc)) merged
  order by updated_at desc, id desc limit $6) one) union all (select 3 as rank, id, updated_at from (select * from ((select c.id, c.updated_at from conversation c where c.account_id = $7 and c.status = 'closed'
  order by c.updated_at desc, c.id desc)) merged
  order by updated_at desc, id desc limit $8) one)) every
  order by rank desc, updated_at desc, id desc limit $9 offset $10) page
  -> Sort
  -> Index Only Scan using conversation_status on conversation
  (as in Linktor: conversations: select * from conversation where account_id = $1 and id = an …)
  (as in Blinger: get: select a.id, a.number, a.name, a.phone, a.description, a.own …)
  (as in Blinger: get: select * from "channel" where account_id = any($1::uuid[]) a …)
  (as in Blinger: get: select * from "contact" where account_id = any($1::uuid[]) a …)
  (as in Blinger: get: select * from "contact_identity" where account_id = any($1:: …)
  (as in Blinger: get: select * from "operator" where account_id = any($1::uuid[])  …)
  (as in Blinger: get: select * from "operator_group" where account_id = any($1::uu …)
  (as in Blinger: get: select * from "message" where account_id = any($1::uuid[]) a …)
  (as in Blinger: get: select * from "operator" where account_id = any($1::uuid[])  …)

-- Linktor: conversations of a status by status
  (as in Linktor: conversations of a status: select coalesce(sum(count), 0)::bigint as total from convers …)
/* planned anew */
  select id from (select * from ((select 0 as rank, id, updated_at from (select * from ((select c.id, c.updated_at from conversation c where c.account_id = $1 and c.status = 'pending'
  order by c.updated_at desc, c.id desc)) merged
  order by updated_at desc, id desc limit $2) one)) every
  order by rank desc, updated_at desc, id desc limit $3 offset $4) page
  -> Index Only Scan using conversation_status on conversation
  (as in Linktor: conversations: select * from conversation where account_id = $1 and id = an …)
  (as in Blinger: get: select a.id, a.number, a.name, a.phone, a.description, a.own …)
  (as in Blinger: get: select * from "channel" where account_id = any($1::uuid[]) a …)
  (as in Blinger: get: select * from "contact" where account_id = any($1::uuid[]) a …)
  (as in Blinger: get: select * from "contact_identity" where account_id = any($1:: …)
  (as in Blinger: get: select * from "operator" where account_id = any($1::uuid[])  …)
  (as in Blinger: get: select * from "operator_group" where account_id = any($1::uu …)
  (as in Blinger: get: select * from "message" where account_id = any($1::uuid[]) a …)
  (as in Blinger: get: select * from "operator" where account_id = any($1::uuid[])  …)

-- Linktor: conversations by priority
  (as in Linktor: conversations: select coalesce(sum(count), 0)::bigint as total from convers …)
/* planned anew */
  select id from (select n.id from (select * from ((select c.id, c.updated_at from conversation c where c.account_id = $1 and c.status = 'open'
  order by c.updated_at desc, c.id desc) union all (select c.id, c.updated_at from conversation c where c.account_id = $2 and c.status = 'pending'
  order by c.updated_at desc, c.id desc) union all (select c.id, c.updated_at from conversation c where c.account_id = $3 and c.status = 'snoozed'
  order by c.updated_at desc, c.id desc) union all (select c.id, c.updated_at from conversation c where c.account_id = $4 and c.status = 'closed'
  order by c.updated_at desc, c.id desc)) merged
  order by updated_at desc, id desc limit 10000) n cross join lateral (
  select case c.priority when 'low' then 0 when 'normal' then 1 when 'high' then 2 else 3 end as key from conversation c
  where c.account_id = $5 and c.id = n.id limit 1) k
  order by key desc nulls last, id desc limit $6 offset $7) page
  -> Sort
  -> Index Only Scan using conversation_status on conversation
  -> Index Scan using conversation_pkey on conversation
  (as in Linktor: conversations: select * from conversation where account_id = $1 and id = an …)
  (as in Blinger: get: select a.id, a.number, a.name, a.phone, a.description, a.own …)
  (as in Blinger: get: select * from "channel" where account_id = any($1::uuid[]) a …)
  (as in Blinger: get: select * from "contact" where account_id = any($1::uuid[]) a …)
  (as in Blinger: get: select * from "contact_identity" where account_id = any($1:: …)
  (as in Blinger: get: select * from "operator" where account_id = any($1::uuid[])  …)
  (as in Blinger: get: select * from "operator_group" where account_id = any($1::uu …)
  (as in Blinger: get: select * from "message" where account_id = any($1::uuid[]) a …)
  (as in Blinger: get: select * from "operator" where account_id = any($1::uuid[])  …)

-- Linktor: conversations of a status by priority
  (as in Linktor: conversations of a status: select coalesce(sum(count), 0)::bigint as total from convers …)
/* planned anew */
  select id from (select n.id from (select * from ((select c.id, c.updated_at from conversation c where c.account_id = $1 and c.status = 'pending'
  order by c.updated_at desc, c.id desc)) merged
  order by updated_at desc, id desc limit 10000) n cross join lateral (
  select case c.priority when 'low' then 0 when 'normal' then 1 when 'high' then 2 else 3 end as key from conversation c
  where c.account_id = $2 and c.id = n.id limit 1) k
  order by key desc nulls last, id desc limit $3 offset $4) page
  -> Sort
  -> Index Only Scan using conversation_status on conversation
  -> Index Scan using conversation_pkey on conversation
  (as in Linktor: conversations: select * from conversation where account_id = $1 and id = an …)
  (as in Blinger: get: select a.id, a.number, a.name, a.phone, a.description, a.own …)
  (as in Blinger: get: select * from "channel" where account_id = any($1::uuid[]) a …)
  (as in Blinger: get: select * from "contact" where account_id = any($1::uuid[]) a …)
  (as in Blinger: get: select * from "contact_identity" where account_id = any($1:: …)
  (as in Blinger: get: select * from "operator" where account_id = any($1::uuid[])  …)
  (as in Blinger: get: select * from "operator_group" where account_id = any($1::uu …)
  (as in Blinger: get: select * from "message" where account_id = any($1::uuid[]) a …)
  (as in Blinger: get: select * from "operator" where account_id = any($1::uuid[])  …)

-- Linktor: conversations by unreadCount
  (as in Linktor: conversations: select coalesce(sum(count), 0)::bigint as total from convers …)
/* planned anew */
  select id from (select n.id from (select * from ((select c.id, c.updated_at from conversation c where c.account_id = $1 and c.status = 'open'
  order by c.updated_at desc, c.id desc) union all (select c.id, c.updated_at from conversation c where c.account_id = $2 and c.status = 'pending'
  order by c.updated_at desc, c.id desc) union all (select c.id, c.updated_at from conversation c where c.account_id = $3 and c.status = 'snoozed'
  order by c.updated_at desc, c.id desc) union all (select c.id, c.updated_at from conversation c where c.account_id = $4 and c.status = 'closed'
  order by c.updated_at desc, c.id desc)) merged
  order by updated_at desc, id desc limit 10000) n cross join lateral (
  select c.unread_count as key from conversation c
  where c.account_id = $5 and c.id = n.id limit 1) k
  order by key desc nulls last, id desc limit $6 offset $7) page
  -> Sort
  -> Index Only Scan using conversation_status on conversation
  -> Index Scan using conversation_pkey on conversation
  (as in Linktor: conversations: select * from conversation where account_id = $1 and id = an …)
  (as in Blinger: get: select a.id, a.number, a.name, a.phone, a.description, a.own …)
  (as in Blinger: get: select * from "channel" where account_id = any($1::uuid[]) a …)
  (as in Blinger: get: select * from "contact" where account_id = any($1::uuid[]) a …)
  (as in Blinger: get: select * from "contact_identity" where account_id = any($1:: …)
  (as in Blinger: get: select * from "operator" where account_id = any($1::uuid[])  …)
  (as in Blinger: get: select * from "operator_group" where account_id = any($1::uu …)
  (as in Blinger: get: select * from "message" where account_id = any($1::uuid[]) a …)

-- Linktor: conversations of a status by unreadCount
  (as in Linktor: conversations of a status: select coalesce(sum(count), 0)::bigint as total from convers …)
/* planned anew */
  select id from (select n.id from (select * from ((select c.id, c.updated_at from conversation c where c.account_id = $1 and c.status = 'pending'
  order by c.updated_at desc, c.id desc)) merged
  order by updated_at desc, id desc limit 10000) n cross join lateral (
  select c.unread_count as key from conversation c
  where c.account_id = $2 and c.id = n.id limit 1) k
  order by key desc nulls last, id desc limit $3 offset $4) page
  -> Sort
  -> Index Only Scan using conversation_status on conversation
  -> Index Scan using conversation_pkey on conversation
  (as in Linktor: conversations: select * from conversation where account_id = $1 and id = an …)
  (as in Blinger: get: select a.id, a.number, a.name, a.phone, a.description, a.own …)
  (as in Blinger: get: select * from "channel" where account_id = any($1::uuid[]) a …)
  (as in Blinger: get: select * from "contact" where account_id = any($1::uuid[]) a …)
  (as in Blinger: get: select * from "contact_identity" where account_id = any($1:: …)
  (as in Blinger: get: select * from "operator" where account_id = any($1::uuid[])  …)
  (as in Blinger: get: select * from "operator_group" where account_id = any($1::uu …)
  (as in Blinger: get: select * from "message" where account_id = any($1::uuid[]) a …)

-- Linktor: conversations by a channel
select coalesce(sum(count), 0)::bigint as total from conversation_count where account_id = $1 and channel_id = any(array(select id from channel where account_id = $2 and id = $3))
/* planned anew */
  select id from (select * from ((select c.id, c.updated_at from conversation c where c.account_id = $1 and c.status = 'open' and c.channel_id = any(array(select id from channel where account_id = $2 and id = $3))
  order by c.updated_at desc, c.id desc) union all (select c.id, c.updated_at from conversation c where c.account_id = $4 and c.status = 'pending' and c.channel_id = any(array(select id from channel where account_id = $5 and id = $6))
  order by c.updated_at desc, c.id desc) union all (select c.id, c.updated_at from conversation c where c.account_id = $7 and c.status = 'snoozed' and c.channel_id = any(array(select id from channel where account_id = $8 and id = $9))
  order by c.updated_at desc, c.id desc) union all (select c.id, c.updated_at from conversation c where c.account_id = $10 and c.status = 'closed' and c.channel_id = any(array(select id from channel where account_id = $11 and id = $12))
  order by c.updated_at desc, c.id desc)) merged
  order by updated_at desc, id desc limit $13 offset $14) page
  -> Index Only Scan using conversation_status on conversation
  (as in Linktor: conversations: select * from conversation where account_id = $1 and id = an …)
  (as in Blinger: get: select a.id, a.number, a.name, a.phone, a.description, a.own …)
  (as in Blinger: get: select * from "channel" where account_id = any($1::uuid[]) a …)
  (as in Blinger: get: select * from "contact" where account_id = any($1::uuid[]) a …)
  (as in Blinger: get: select * from "contact_identity" where account_id = any($1:: …)
  (as in Blinger: get: select * from "operator" where account_id = any($1::uuid[])  …)
  (as in Blinger: get: select * from "operator_group" where account_id = any($1::uu …)
  (as in Blinger: get: select * from "message" where account_id = any($1::uuid[]) a …)
  (as in Blinger: get: select * from "operator" where account_id = any($1::uuid[])  …)

-- Linktor: conversations by a channel, first born first
  (as in Linktor: conversations by a channel: select coalesce(sum(count), 0)::bigint as total from convers …)
/* planned anew */
  select id from (select n.id from (select * from ((select c.id, c.updated_at from conversation c where c.account_id = $1 and c.status = 'open' and c.channel_id = any(array(select id from channel where account_id = $2 and id = $3))
  order by c.updated_at desc, c.id desc) union all (select c.id, c.updated_at from conversation c where c.account_id = $4 and c.status = 'pending' and c.channel_id = any(array(select id from channel where account_id = $5 and id = $6))
  order by c.updated_at desc, c.id desc) union all (select c.id, c.updated_at from conversation c where c.account_id = $7 and c.status = 'snoozed' and c.channel_id = any(array(select id from channel where account_id = $8 and id = $9))
  order by c.updated_at desc, c.id desc) union all (select c.id, c.updated_at from conversation c where c.account_id = $10 and c.status = 'closed' and c.channel_id = any(array(select id from channel where account_id = $11 and id = $12))
  order by c.updated_at desc, c.id desc)) merged
  order by updated_at desc, id desc limit 10000) n cross join lateral (
  select c.created_at as key from conversation c
  where c.account_id = $13 and c.id = n.id limit 1) k
  order by key asc nulls first, id asc limit $14 offset $15) page
  -> Sort
  -> Index Only Scan using conversation_status on conversation
  -> Index Scan using conversation_pkey on conversation
  (as in Linktor: conversations: select * from conversation where account_id = $1 and id = an …)
  (as in Blinger: get: select a.id, a.number, a.name, a.phone, a.description, a.own …)
  (as in Blinger: get: select * from "channel" where account_id = any($1::uuid[]) a …)
  (as in Blinger: get: select * from "contact" where account_id = any($1::uuid[]) a …)
  (as in Blinger: get: select * from "contact_identity" where account_id = any($1:: …)
  (as in Blinger: get: select * from "operator" where account_id = any($1::uuid[])  …)
  (as in Blinger: get: select * from "operator_group" where account_id = any($1::uu …)
  (as in Blinger: get: select * from "message" where account_id = any($1::uuid[]) a …)
  (as in Blinger: get: select * from "operator" where account_id = any($1::uuid[])  …)

-- Linktor: conversations by a channel type
select coalesce(sum(count), 0)::bigint as total from conversation_count where account_id = $1 and channel_id = any(array(select id from channel where account_id = $2 and kind = any($3::text[])))
/* planned anew */
  select id from (select * from ((select c.id, c.updated_at from conversation c where c.account_id = $1 and c.status = 'open' and c.channel_id = any(array(select id from channel where account_id = $2 and kind = any($3::text[])))
  order by c.updated_at desc, c.id desc) union all (select c.id, c.updated_at from conversation c where c.account_id = $4 and c.status = 'pending' and c.channel_id = any(array(select id from channel where account_id = $5 and kind = any($6::text[])))
  order by c.updated_at desc, c.id desc) union all (select c.id, c.updated_at from conversation c where c.account_id = $7 and c.status = 'snoozed' and c.channel_id = any(array(select id from channel where account_id = $8 and kind = any($9::text[])))
  order by c.updated_at desc, c.id desc) union all (select c.id, c.updated_at from conversation c where c.account_id = $10 and c.status = 'closed' and c.channel_id = any(array(select id from channel where account_id = $11 and kind = any($12::text[])))
  order by c.updated_at desc, c.id desc)) merged
  order by updated_at desc, id desc limit $13 offset $14) page
  -> Index Only Scan using conversation_status on conversation
  (as in Linktor: conversations: select * from conversation where account_id = $1 and id = an …)
  (as in Blinger: get: select a.id, a.number, a.name, a.phone, a.description, a.own …)
  (as in Blinger: get: select * from "channel" where account_id = any($1::uuid[]) a …)
  (as in Blinger: get: select * from "contact" where account_id = any($1::uuid[]) a …)
  (as in Blinger: get: select * from "contact_identity" where account_id = any($1:: …)
  (as in Blinger: get: select * from "operator" where account_id = any($1::uuid[])  …)
  (as in Blinger: get: select * from "operator_group" where account_id = any($1::uu …)
  (as in Blinger: get: select * from "message" where account_id = any($1::uuid[]) a …)
  (as in Blinger: get: select * from "operator" where account_id = any($1::uuid[])  …)

-- Linktor: conversations by a channel type, first born first
  (as in Linktor: conversations by a channel type: select coalesce(sum(count), 0)::bigint as total from convers …)
/* planned anew */
  select id from (select n.id from (select * from ((select c.id, c.updated_at from conversation c where c.account_id = $1 and c.status = 'open' and c.channel_id = any(array(select id from channel where account_id = $2 and kind = any($3::text[])))
  order by c.updated_at desc, c.id desc) union all (select c.id, c.updated_at from conversation c where c.account_id = $4 and c.status = 'pending' and c.channel_id = any(array(select id from channel where account_id = $5 and kind = any($6::text[])))
  order by c.updated_at desc, c.id desc) union all (select c.id, c.updated_at from conversation c where c.account_id = $7 and c.status = 'snoozed' and c.channel_id = any(array(select id from channel where account_id = $8 and kind = any($9::text[])))
  order by c.updated_at desc, c.id desc) union all (select c.id, c.updated_at from conversation c where c.account_id = $10 and c.status = 'closed' and c.channel_id = any(array(select id from channel where account_id = $11 and kind = any($12::text[])))
  order by c.updated_at desc, c.id desc)) merged
  order by updated_at desc, id desc limit 10000) n cross join lateral (
  select c.created_at as key from conversation c
  where c.account_id = $13 and c.id = n.id limit 1) k
  order by key asc nulls first, id asc limit $14 offset $15) page
  -> Sort
  -> Index Only Scan using conversation_status on conversation
  -> Index Scan using conversation_pkey on conversation
  (as in Linktor: conversations: select * from conversation where account_id = $1 and id = an …)
  (as in Blinger: get: select a.id, a.number, a.name, a.phone, a.description, a.own …)
  (as in Blinger: get: select * from "channel" where account_id = any($1::uuid[]) a …)
  (as in Blinger: get: select * from "contact" where account_id = any($1::uuid[]) a …)
  (as in Blinger: get: select * from "contact_identity" where account_id = any($1:: …)
  (as in Blinger: get: select * from "operator" where account_id = any($1::uuid[])  …)
  (as in Blinger: get: select * from "operator_group" where account_id = any($1::uu …)
  (as in Blinger: get: select * from "message" where account_id = any($1::uuid[]) a …)
  (as in Blinger: get: select * from "operator" where account_id = any($1::uuid[])  …)

-- Linktor: conversations by a channel and a status
select coalesce(sum(count), 0)::bigint as total from conversation_count where account_id = $1 and status = $2 and channel_id = any(array(select id from channel where account_id = $3 and id = $4))
/* planned anew */
  select id from (select * from ((select c.id, c.updated_at from conversation c where c.account_id = $1 and c.status = 'snoozed' and c.channel_id = any(array(select id from channel where account_id = $2 and id = $3))
  order by c.updated_at desc, c.id desc)) merged
  order by updated_at desc, id desc limit $4 offset $5) page
  -> Index Only Scan using conversation_status on conversation
  (as in Linktor: conversations: select * from conversation where account_id = $1 and id = an …)
  (as in Blinger: get: select a.id, a.number, a.name, a.phone, a.description, a.own …)
  (as in Blinger: get: select * from "channel" where account_id = any($1::uuid[]) a …)
  (as in Blinger: get: select * from "contact" where account_id = any($1::uuid[]) a …)
  (as in Blinger: get: select * from "contact_identity" where account_id = any($1:: …)
  (as in Blinger: get: select * from "operator" where account_id = any($1::uuid[])  …)
  (as in Blinger: get: select * from "operator_group" where account_id = any($1::uu …)
  (as in Blinger: get: select * from "message" where account_id = any($1::uuid[]) a …)
  (as in Blinger: get: select * from "operator" where account_id = any($1::uuid[])  …)

-- Linktor: conversations by a channel and a status, first born first
  (as in Linktor: conversations by a channel and a status: select coalesce(sum(count), 0)::bigint as total from convers …)
/* planned anew */
  select id from (select n.id from (select * from ((select c.id, c.updated_at from conversation c where c.account_id = $1 and c.status = 'snoozed' and c.channel_id = any(array(select id from channel where account_id = $2 and id = $3))
  order by c.updated_at desc, c.id desc)) merged
  order by updated_at desc, id desc limit 10000) n cross join lateral (
  select c.created_at as key from conversation c
  where c.account_id = $4 and c.id = n.id limit 1) k
  order by key asc nulls first, id asc limit $5 offset $6) page
  -> Sort
  -> Index Only Scan using conversation_status on conversation
  -> Index Scan using conversation_pkey on conversation
  (as in Linktor: conversations: select * from conversation where account_id = $1 and id = an …)
  (as in Blinger: get: select a.id, a.number, a.name, a.phone, a.description, a.own …)
  (as in Blinger: get: select * from "channel" where account_id = any($1::uuid[]) a …)
  (as in Blinger: get: select * from "contact" where account_id = any($1::uuid[]) a …)
  (as in Blinger: get: select * from "contact_identity" where account_id = any($1:: …)
  (as in Blinger: get: select * from "operator" where account_id = any($1::uuid[])  …)
  (as in Blinger: get: select * from "operator_group" where account_id = any($1::uu …)
  (as in Blinger: get: select * from "message" where account_id = any($1::uuid[]) a …)
  (as in Blinger: get: select * from "operator" where account_id = any($1::uuid[])  …)

-- Linktor: conversations by who has it
/* planned anew */
  select count(*) as total from (select * from ((select c.id, c.updated_at from conversation c where c.account_id = $1 and c.status = 'open' and c.assignee_id = $2
  order by c.updated_at desc, c.id desc) union all (select c.id, c.updated_at from conversation c where c.account_id = $3 and c.status = 'pending' and c.assignee_id = $4
  order by c.updated_at desc, c.id desc) union all (select c.id, c.updated_at from conversation c where c.account_id = $5 and c.status = 'snoozed' and c.assignee_id = $6
  order by c.updated_at desc, c.id desc) union all (select c.id, c.updated_at from conversation c where c.account_id = $7 and c.status = 'closed' and c.assignee_id = $8
  order by c.updated_at desc, c.id desc)) merged
  order by updated_at desc, id desc limit 10000) matches
  -> Index Only Scan using conversation_assignee on conversation
/* planned anew */
  select id from (select * from ((select c.id, c.updated_at from conversation c where c.account_id = $1 and c.status = 'open' and c.assignee_id = $2
  order by c.updated_at desc, c.id desc) union all (select c.id, c.updated_at from conversation c where c.account_id = $3 and c.status = 'pending' and c.assignee_id = $4
  order by c.updated_at desc, c.id desc) union all (select c.id, c.updated_at from conversation c where c.account_id = $5 and c.status = 'snoozed' and c.assignee_id = $6
  order by c.updated_at desc, c.id desc) union all (select c.id, c.updated_at from conversation c where c.account_id = $7 and c.status = 'closed' and c.assignee_id = $8
  order by c.updated_at desc, c.id desc)) merged
  order by updated_at desc, id desc limit $9 offset $10) page
  -> Index Only Scan using conversation_assignee on conversation
  (as in Linktor: conversations: select * from conversation where account_id = $1 and id = an …)
  (as in Blinger: get: select a.id, a.number, a.name, a.phone, a.description, a.own …)
  (as in Blinger: get: select * from "channel" where account_id = any($1::uuid[]) a …)
  (as in Blinger: get: select * from "contact" where account_id = any($1::uuid[]) a …)
  (as in Blinger: get: select * from "contact_identity" where account_id = any($1:: …)
  (as in Blinger: get: select * from "operator" where account_id = any($1::uuid[])  …)
  (as in Blinger: get: select * from "operator_group" where account_id = any($1::uu …)
  (as in Blinger: get: select * from "message" where account_id = any($1::uuid[]) a …)
  (as in Blinger: get: select * from "operator" where account_id = any($1::uuid[])  …)

-- Linktor: conversations by who has it, first born first
  (as in Linktor: conversations by who has it: /* planned anew */ select count(*) as total from (select …)
/* planned anew */
  select id from (select n.id from (select * from ((select c.id, c.updated_at from conversation c where c.account_id = $1 and c.status = 'open' and c.assignee_id = $2
  order by c.updated_at desc, c.id desc) union all (select c.id, c.updated_at from conversation c where c.account_id = $3 and c.status = 'pending' and c.assignee_id = $4
  order by c.updated_at desc, c.id desc) union all (select c.id, c.updated_at from conversation c where c.account_id = $5 and c.status = 'snoozed' and c.assignee_id = $6
  order by c.updated_at desc, c.id desc) union all (select c.id, c.updated_at from conversation c where c.account_id = $7 and c.status = 'closed' and c.assignee_id = $8
  order by c.updated_at desc, c.id desc)) merged
  order by updated_at desc, id desc limit 10000) n cross join lateral (
  select c.created_at as key from conversation c
  where c.account_id = $9 and c.id = n.id limit 1) k
  order by key asc nulls first, id asc limit $10 offset $11) page
  -> Sort
  -> Index Only Scan using conversation_assignee on conversation
  -> Index Scan using conversation_pkey on conversation
  (as in Linktor: conversations: select * from conversation where account_id = $1 and id = an …)
  (as in Blinger: get: select a.id, a.number, a.name, a.phone, a.description, a.own …)
  (as in Blinger: get: select * from "channel" where account_id = any($1::uuid[]) a …)
  (as in Blinger: get: select * from "contact" where account_id = any($1::uuid[]) a …)
  (as in Blinger: get: select * from "contact_identity" where account_id = any($1:: …)
  (as in Blinger: get: select * from "operator" where account_id = any($1::uuid[])  …)
  (as in Blinger: get: select * from "operator_group" where account_id = any($1::uu …)
  (as in Blinger: get: select * from "message" where account_id = any($1::uuid[]) a …)
  (as in Blinger: get: select * from "operator" where account_id = any($1::uuid[])  …)

-- Linktor: conversations by which bot has it
/* planned anew */
  select count(*) as total from (select * from ((select c.id, c.updated_at from conversation c where c.account_id = $1 and c.status = 'open' and c.bot_id = $2 and (c.assignee_bot_id = $3 or c.is_bot_active)
  order by c.updated_at desc, c.id desc) union all (select c.id, c.updated_at from conversation c where c.account_id = $4 and c.status = 'pending' and c.bot_id = $5 and (c.assignee_bot_id = $6 or c.is_bot_active)
  order by c.updated_at desc, c.id desc) union all (select c.id, c.updated_at from conversation c where c.account_id = $7 and c.status = 'snoozed' and c.bot_id = $8 and (c.assignee_bot_id = $9 or c.is_bot_active)
  order by c.updated_at desc, c.id desc) union all (select c.id, c.updated_at from conversation c where c.account_id = $10 and c.status = 'closed' and c.bot_id = $11 and (c.assignee_bot_id = $12 or c.is_bot_active)
  order by c.updated_at desc, c.id desc)) merged
  order by updated_at desc, id desc limit 10000) matches
  -> Index Scan using conversation_bot on conversation

-- Linktor: conversations by which bot has it, first born first
  (as in Linktor: conversations by which bot has it: /* planned anew */ select count(*) as total from (select …)

-- Linktor: conversations by its bot
/* planned anew */
  select count(*) as total from (select * from ((select c.id, c.updated_at from conversation c where c.account_id = $1 and c.status = 'open' and c.bot_id = $2
  order by c.updated_at desc, c.id desc) union all (select c.id, c.updated_at from conversation c where c.account_id = $3 and c.status = 'pending' and c.bot_id = $4
  order by c.updated_at desc, c.id desc) union all (select c.id, c.updated_at from conversation c where c.account_id = $5 and c.status = 'snoozed' and c.bot_id = $6
  order by c.updated_at desc, c.id desc) union all (select c.id, c.updated_at from conversation c where c.account_id = $7 and c.status = 'closed' and c.bot_id = $8
  order by c.updated_at desc, c.id desc)) merged
  order by updated_at desc, id desc limit 10000) matches
  -> Index Only Scan using conversation_bot on conversation

-- Linktor: conversations by its bot, first born first
  (as in Linktor: conversations by its bot: /* planned anew */ select count(*) as total from (select …)

-- Linktor: conversations by its contact
/* planned anew */
  select count(*) as total from (select * from ((select c.id, c.updated_at from conversation c where c.account_id = $1 and c.status = 'open' and c.contact_id = $2 and c.channel_id = any(array(select channel_id from contact_identity
  where account_id = $3 and contact_id = $4))
  order by c.updated_at desc, c.id desc) union all (select c.id, c.updated_at from conversation c where c.account_id = $5 and c.status = 'pending' and c.contact_id = $6 and c.channel_id = any(array(select channel_id from contact_identity
  where account_id = $7 and contact_id = $8))
  order by c.updated_at desc, c.id desc) union all (select c.id, c.updated_at from conversation c where c.account_id = $9 and c.status = 'snoozed' and c.contact_id = $10 and c.channel_id = any(array(select channel_id from contact_identity
  where account_id = $11 and contact_id = $12))
  order by c.updated_at desc, c.id desc) union all (select c.id, c.updated_at from conversation c where c.account_id = $13 and c.status = 'closed' and c.contact_id = $14 and c.channel_id = any(array(select channel_id from contact_identity
  where account_id = $15 and contact_id = $16))
  order by c.updated_at desc, c.id desc)) merged
  order by updated_at desc, id desc limit 10000) matches
  -> Sort
  -> Index Scan using contact_identity_contact on contact_identity
  -> Index Scan using conversation_account_id_channel_id_contact_id_key on conversation
/* planned anew */
  select id from (select * from ((select c.id, c.updated_at from conversation c where c.account_id = $1 and c.status = 'open' and c.contact_id = $2 and c.channel_id = any(array(select channel_id from contact_identity
  where account_id = $3 and contact_id = $4))
  order by c.updated_at desc, c.id desc) union all (select c.id, c.updated_at from conversation c where c.account_id = $5 and c.status = 'pending' and c.contact_id = $6 and c.channel_id = any(array(select channel_id from contact_identity
  where account_id = $7 and contact_id = $8))
  order by c.updated_at desc, c.id desc) union all (select c.id, c.updated_at from conversation c where c.account_id = $9 and c.status = 'snoozed' and c.contact_id = $10 and c.channel_id = any(array(select channel_id from contact_identity
  where account_id = $11 and contact_id = $12))
  order by c.updated_at desc, c.id desc) union all (select c.id, c.updated_at from conversation c where c.account_id = $13 and c.status = 'closed' and c.contact_id = $14 and c.channel_id = any(array(select channel_id from contact_identity
  where account_id = $15 and contact_id = $16))
  order by c.updated_at desc, c.id desc)) merged
  order by updated_at desc, id desc limit $17 offset $18) page
  -> Sort
  -> Index Scan using contact_identity_contact on contact_identity
  -> Index Scan using conversation_account_id_channel_id_contact_id_key on conversation
  (as in Linktor: conversations: select * from conversation where account_id = $1 and id = an …)
  (as in Blinger: get: select a.id, a.number, a.name, a.phone, a.description, a.own …)
  (as in Blinger: get: select * from "channel" where account_id = any($1::uuid[]) a …)
  (as in Blinger: get: select * from "contact" where account_id = any($1::uuid[]) a …)
  (as in Blinger: get: select * from "contact_identity" where account_id = any($1:: …)
  (as in Blinger: get: select * from "operator" where account_id = any($1::uuid[])  …)
  (as in Blinger: get: select * from "operator_group" where account_id = any($1::uu …)
  (as in Blinger: get: select * from "message" where account_id = any($1::uuid[]) a …)

-- Linktor: conversations by its contact, first born first
  (as in Linktor: conversations by its contact: /* planned anew */ select count(*) as total from (select …)
/* planned anew */
  select id from (select n.id from (select * from ((select c.id, c.updated_at from conversation c where c.account_id = $1 and c.status = 'open' and c.contact_id = $2 and c.channel_id = any(array(select channel_id from contact_identity
  where account_id = $3 and contact_id = $4))
  order by c.updated_at desc, c.id desc) union all (select c.id, c.updated_at from conversation c where c.account_id = $5 and c.status = 'pending' and c.contact_id = $6 and c.channel_id = any(array(select channel_id from contact_identity
  where account_id = $7 and contact_id = $8))
  order by c.updated_at desc, c.id desc) union all (select c.id, c.updated_at from conversation c where c.account_id = $9 and c.status = 'snoozed' and c.contact_id = $10 and c.channel_id = any(array(select channel_id from contact_identity
  where account_id = $11 and contact_id = $12))
  order by c.updated_at desc, c.id desc) union all (select c.id, c.updated_at from conversation c where c.account_id = $13 and c.status = 'closed' and c.contact_id = $14 and c.channel_id = any(array(select channel_id from contact_identity
  where account_id = $15 and contact_id = $16))
  order by c.updated_at desc, c.id desc)) merged
  order by updated_at desc, id desc limit 10000) n cross join lateral (
  select c.created_at as key from conversation c
  where c.account_id = $17 and c.id = n.id limit 1) k
  order by key asc nulls first, id asc limit $18 offset $19) page
  -> Sort
  -> Index Scan using contact_identity_contact on contact_identity
  -> Index Scan using conversation_account_id_channel_id_contact_id_key on conversation
  -> Index Scan using conversation_pkey on conversation
  (as in Linktor: conversations: select * from conversation where account_id = $1 and id = an …)
  (as in Blinger: get: select a.id, a.number, a.name, a.phone, a.description, a.own …)
  (as in Blinger: get: select * from "channel" where account_id = any($1::uuid[]) a …)
  (as in Blinger: get: select * from "contact" where account_id = any($1::uuid[]) a …)
  (as in Blinger: get: select * from "contact_identity" where account_id = any($1:: …)
  (as in Blinger: get: select * from "operator" where account_id = any($1::uuid[])  …)
  (as in Blinger: get: select * from "operator_group" where account_id = any($1::uu …)
  (as in Blinger: get: select * from "message" where account_id = any($1::uuid[]) a …)

-- Linktor: conversations by its birth
/* planned anew */
  select count(*) as total from (select c.id, c.created_at from conversation c where c.account_id = $1 and c.created_at >= $2 and c.created_at < $3
  order by c.created_at desc, c.id desc limit 10000) matches
  -> Index Only Scan using conversation_created on conversation
/* planned anew */
  select id from (select * from ((select c.id, c.updated_at from conversation c where c.account_id = $1 and c.status = 'open' and c.created_at >= $2 and c.created_at < $3
  order by c.updated_at desc, c.id desc) union all (select c.id, c.updated_at from conversation c where c.account_id = $4 and c.status = 'pending' and c.created_at >= $5 and c.created_at < $6
  order by c.updated_at desc, c.id desc) union all (select c.id, c.updated_at from conversation c where c.account_id = $7 and c.status = 'snoozed' and c.created_at >= $8 and c.created_at < $9
  order by c.updated_at desc, c.id desc) union all (select c.id, c.updated_at from conversation c where c.account_id = $10 and c.status = 'closed' and c.created_at >= $11 and c.created_at < $12
  order by c.updated_at desc, c.id desc)) merged
  order by updated_at desc, id desc limit $13 offset $14) page
  -> Sort
  -> Index Scan using conversation_created on conversation
  -> Index Only Scan using conversation_status on conversation
  (as in Linktor: conversations: select * from conversation where account_id = $1 and id = an …)
  (as in Blinger: get: select a.id, a.number, a.name, a.phone, a.description, a.own …)
  (as in Blinger: get: select * from "channel" where account_id = any($1::uuid[]) a …)
  (as in Blinger: get: select * from "contact" where account_id = any($1::uuid[]) a …)
  (as in Blinger: get: select * from "contact_identity" where account_id = any($1:: …)
  (as in Blinger: get: select * from "operator" where account_id = any($1::uuid[])  …)
  (as in Blinger: get: select * from "operator_group" where account_id = any($1::uu …)
  (as in Blinger: get: select * from "message" where account_id = any($1::uuid[]) a …)
  (as in Blinger: get: select * from "operator" where account_id = any($1::uuid[])  …)

-- Linktor: conversations by its birth, first born first
/* planned anew */
  select count(*) as total from (select c.id, c.created_at from conversation c where c.account_id = $1 and c.created_at >= $2 and c.created_at < $3
  order by c.created_at asc, c.id asc limit 10000) matches
  -> Index Only Scan using conversation_created on conversation
/* planned anew */
  select id from (select c.id, c.created_at from conversation c where c.account_id = $1 and c.created_at >= $2 and c.created_at < $3
  order by c.created_at asc, c.id asc limit $4 offset $5) page
  -> Index Only Scan using conversation_created on conversation
  (as in Linktor: conversations: select * from conversation where account_id = $1 and id = an …)
  (as in Blinger: get: select a.id, a.number, a.name, a.phone, a.description, a.own …)
  (as in Blinger: get: select * from "channel" where account_id = any($1::uuid[]) a …)
  (as in Blinger: get: select * from "contact" where account_id = any($1::uuid[]) a …)
  (as in Blinger: get: select * from "contact_identity" where account_id = any($1:: …)
  (as in Blinger: get: select * from "operator" where account_id = any($1::uuid[])  …)
  (as in Blinger: get: select * from "operator_group" where account_id = any($1::uu …)
  (as in Blinger: get: select * from "message" where account_id = any($1::uuid[]) a …)
  (as in Blinger: get: select * from "operator" where account_id = any($1::uuid[])  …)

-- Linktor: conversations by who has it, a channel and a status
/* planned anew */
  select count(*) as total from (select * from ((select c.id, c.updated_at from conversation c where c.account_id = $1 and c.status = 'open' and c.channel_id = any(array(select id from channel where account_id = $2 and id = $3)) and c.assignee_id = $4
  order by c.updated_at desc, c.id desc)) merged
  order by updated_at desc, id desc limit 10000) matches
  -> Index Only Scan using conversation_status on conversation
/* planned anew */
  select id from (select * from ((select c.id, c.updated_at from conversation c where c.account_id = $1 and c.status = 'open' and c.channel_id = any(array(select id from channel where account_id = $2 and id = $3)) and c.assignee_id = $4
  order by c.updated_at desc, c.id desc)) merged
  order by updated_at desc, id desc limit $5 offset $6) page
  -> Index Only Scan using conversation_status on conversation
  (as in Linktor: conversations: select * from conversation where account_id = $1 and id = an …)
  (as in Blinger: get: select a.id, a.number, a.name, a.phone, a.description, a.own …)
  (as in Blinger: get: select * from "channel" where account_id = any($1::uuid[]) a …)
  (as in Blinger: get: select * from "contact" where account_id = any($1::uuid[]) a …)
  (as in Blinger: get: select * from "contact_identity" where account_id = any($1:: …)
  (as in Blinger: get: select * from "operator" where account_id = any($1::uuid[])  …)
  (as in Blinger: get: select * from "operator_group" where account_id = any($1::uu …)
  (as in Blinger: get: select * from "message" where account_id = any($1::uuid[]) a …)
  (as in Blinger: get: select * from "operator" where account_id = any($1::uuid[])  …)

-- Linktor: conversations by who has it, a channel and a status, first born first
  (as in Linktor: conversations by who has it, a channel and a status: /* planned anew */ select count(*) as total from (select …)
/* planned anew */
  select id from (select n.id from (select * from ((select c.id, c.updated_at from conversation c where c.account_id = $1 and c.status = 'open' and c.channel_id = any(array(select id from channel where account_id = $2 and id = $3)) and c.assignee_id = $4
  order by c.updated_at desc, c.id desc)) merged
  order by updated_at desc, id desc limit 10000) n cross join lateral (
  select c.created_at as key from conversation c
  where c.account_id = $5 and c.id = n.id limit 1) k
  order by key asc nulls first, id asc limit $6 offset $7) page
  -> Sort
  -> Index Only Scan using conversation_status on conversation
  -> Index Scan using conversation_pkey on conversation
  (as in Linktor: conversations: select * from conversation where account_id = $1 and id = an …)
  (as in Blinger: get: select a.id, a.number, a.name, a.phone, a.description, a.own …)
  (as in Blinger: get: select * from "channel" where account_id = any($1::uuid[]) a …)
  (as in Blinger: get: select * from "contact" where account_id = any($1::uuid[]) a …)
  (as in Blinger: get: select * from "contact_identity" where account_id = any($1:: …)
  (as in Blinger: get: select * from "operator" where account_id = any($1::uuid[])  …)
  (as in Blinger: get: select * from "operator_group" where account_id = any($1::uu …)
  (as in Blinger: get: select * from "message" where account_id = any($1::uuid[]) a …)
  (as in Blinger: get: select * from "operator" where account_id = any($1::uuid[])  …)

-- Linktor: search
with asked as materialized (
  select search_template($1) as template, $2::text as pattern),
  fresh as materialized (
  select m.conversation_id from (
  select conversation_id, text, kind from message where account_id = $3 order by number desc limit $4) m
  where m.text <> '' and m.kind not in ('note', 'system') and m.text ilike (select pattern from asked)),
  named as materialized (
  select c.id as conversation_id from (select ct.id from contact ct where ct.account_id = $5 and (coalesce(ct.custom_name, '') || ' ' || coalesce(ct.name, '')) ilike (select pattern from asked) limit $6) n
  cross join lateral (select channel_id from contact_identity i
  where i.account_id = $7 and i.contact_id = n.id offset 0) i
  cross join lateral (select id from conversation c
  where c.account_id = $8 and c.channel_id = i.channel_id and c.contact_id = n.id limit 1) c),
  worded as materialized (
  select conversation_id from (
  select m.conversation_id, m.is_said from (
  select newest - first as from_slice, greatest(newest - first - width + 1, oldest) as to_slice from (
  select newest, oldest, case when run < $9::int then (1 << run) - 1
  else $10::int * (run - $11::int + 1) - 1 end as first,
  case when run < $12::int then 1 << run else $13::int end as width
  from (select (select number >> 16 from message where account_id = $14 order by number desc limit 1) as newest, (select number >> 16 from message where account_id = $15 order by number asc limit 1) as oldest) ends
  cross join lateral generate_series(0, $16::int + (newest - oldest)::int / $17::int) as run) runs
  where first <= newest - oldest order by first) slices
  cross join lateral (
  select m.conversation_id, bool_or(m.text ilike (select pattern from asked)) as is_said from message m
  where m.account_id = $18 and m.text <> '' and m.kind not in ('note', 'system') and search_words(m.number >> 16, m.text) @@ (
  select string_agg(replace((select template from asked), '#', lpad(to_hex(slice), 6, '0')), ' | ')
  from generate_series(to_slice, from_slice) as slice)::tsquery
  group by m.conversation_id) m
  limit $19) latest
  where is_said),
  nearest as materialized (
  select conversation_id from (
  select conversation_id, row_number() over () as place from (
  select * from fresh union all select * from named union all select * from worded) every) placed
  group by conversation_id order by min(place)),
  met as materialized (
  select id, row_number() over () as place from (
  select w.id from (select * from ((select c.id, c.updated_at from conversation c where c.account_id = $20 and c.status = 'open'
  order by c.updated_at desc, c.id desc) union all (select c.id, c.updated_at from conversation c where c.account_id = $21 and c.status = 'pending'
  order by c.updated_at desc, c.id desc) union all (select c.id, c.updated_at from conversation c where c.account_id = $22 and c.status = 'snoozed'
  order by c.updated_at desc, c.id desc) union all (select c.id, c.updated_at from conversation c where c.account_id = $23 and c.status = 'closed'
  order by c.updated_at desc, c.id desc)) merged
  order by updated_at desc, id desc limit 50000) w
  where (select count(*) from nearest) > $24::int and (w.id in (select conversation_id from nearest)) is true limit $25) way),
  found as materialized (
  select c.id, c.key from nearest f cross join lateral (
  select c.id, c.updated_at as key from conversation c where c.account_id = $26 and c.id = f.conversation_id limit 1) c
  where not (select count(*) from met) >= $27::int limit $28) select (select least(count(*), $29::int) from nearest) as total, case when (select count(*) from met) >= $30::int then array(select id from met order by place limit $31 offset $32)
  else array(select id from found order by key desc nulls last, id desc limit $33 offset $34) end as ids
  -> Index Scan using message_account_id_number_key on message
  -> Bitmap Heap Scan on contact
  -> Bitmap Index Scan using contact_name_words
  -> Index Scan using contact_identity_contact on contact_identity
  -> Index Scan using conversation_account_id_channel_id_contact_id_key on conversation
  -> Sort
  -> Index Only Scan using message_account_id_number_key on message
  -> Bitmap Heap Scan on message
  -> Bitmap Index Scan using message_words
  -> Index Only Scan using conversation_status on conversation
  -> Index Scan using conversation_pkey on conversation
  (as in Linktor: conversations: select * from conversation where account_id = $1 and id = an …)
  (as in Blinger: get: select a.id, a.number, a.name, a.phone, a.description, a.own …)
  (as in Blinger: get: select * from "channel" where account_id = any($1::uuid[]) a …)
  (as in Blinger: get: select * from "contact" where account_id = any($1::uuid[]) a …)
  (as in Blinger: get: select * from "contact_identity" where account_id = any($1:: …)
  (as in Blinger: get: select * from "operator" where account_id = any($1::uuid[])  …)
  (as in Blinger: get: select * from "operator_group" where account_id = any($1::uu …)
  (as in Blinger: get: select * from "message" where account_id = any($1::uuid[]) a …)
  (as in Blinger: get: select * from "operator" where account_id = any($1::uuid[])  …)

-- Linktor: search for two letters
with asked as materialized (
  select search_template($1) as template, $2::text as pattern),
  fresh as materialized (
  select m.conversation_id from (
  select conversation_id, text, kind from message where account_id = $3 order by number desc limit $4) m
  where m.text <> '' and m.kind not in ('note', 'system') and m.text ilike (select pattern from asked)),
  named as materialized (
  select c.id as conversation_id from (select ct.id from (
  select id, custom_name, name from contact where account_id = $5 order by number desc limit $6) ct
  where (coalesce(ct.custom_name, '') || ' ' || coalesce(ct.name, '')) ilike (select pattern from asked)) n
  cross join lateral (select channel_id from contact_identity i
  where i.account_id = $7 and i.contact_id = n.id offset 0) i
  cross join lateral (select id from conversation c
  where c.account_id = $8 and c.channel_id = i.channel_id and c.contact_id = n.id limit 1) c),
  worded as materialized (
  select conversation_id from (
  select m.conversation_id, m.is_said from (
  select newest - first as from_slice, greatest(newest - first - width + 1, oldest) as to_slice from (
  select newest, oldest, case when run < $9::int then (1 << run) - 1
  else $10::int * (run - $11::int + 1) - 1 end as first,
  case when run < $12::int then 1 << run else $13::int end as width
  from (select (select number >> 16 from message where account_id = $14 order by number desc limit 1) as newest, (select number >> 16 from message where account_id = $15 order by number asc limit 1) as oldest) ends
  cross join lateral generate_series(0, $16::int + (newest - oldest)::int / $17::int) as run) runs
  where first <= newest - oldest order by first) slices
  cross join lateral (
  select m.conversation_id, bool_or(m.text ilike (select pattern from asked)) as is_said from message m
  where m.account_id = $18 and m.text <> '' and m.kind not in ('note', 'system') and search_words(m.number >> 16, m.text) @@ (
  select string_agg(replace((select template from asked), '#', lpad(to_hex(slice), 6, '0')), ' | ')
  from generate_series(to_slice, from_slice) as slice)::tsquery
  group by m.conversation_id) m
  limit $19) latest
  where is_said),
  nearest as materialized (
  select conversation_id from (
  select conversation_id, row_number() over () as place from (
  select * from fresh union all select * from named union all select * from worded) every) placed
  group by conversation_id order by min(place)),
  met as materialized (
  select id, row_number() over () as place from (
  select w.id from (select * from ((select c.id, c.updated_at from conversation c where c.account_id = $20 and c.status = 'open'
  order by c.updated_at desc, c.id desc) union all (select c.id, c.updated_at from conversation c where c.account_id = $21 and c.status = 'pending'
  order by c.updated_at desc, c.id desc) union all (select c.id, c.updated_at from conversation c where c.account_id = $22 and c.status = 'snoozed'
  order by c.updated_at desc, c.id desc) union all (select c.id, c.updated_at from conversation c where c.account_id = $23 and c.status = 'closed'
  order by c.updated_at desc, c.id desc)) merged
  order by updated_at desc, id desc limit 50000) w
  where (select count(*) from nearest) > $24::int and (w.id in (select conversation_id from nearest)) is true limit $25) way),
  found as materialized (
  select c.id, c.key from nearest f cross join lateral (
  select c.id, c.updated_at as key from conversation c where c.account_id = $26 and c.id = f.conversation_id limit 1) c
  where not (select count(*) from met) >= $27::int limit $28) select (select least(count(*), $29::int) from nearest) as total, case when (select count(*) from met) >= $30::int then array(select id from met order by place limit $31 offset $32)
  else array(select id from found order by key desc nulls last, id desc limit $33 offset $34) end as ids
  -> Index Scan using message_account_id_number_key on message
  -> Index Scan using contact_account_id_number_key on contact
  -> Index Scan using contact_identity_contact on contact_identity
  -> Index Scan using conversation_account_id_channel_id_contact_id_key on conversation
  -> Sort
  -> Index Only Scan using message_account_id_number_key on message
  -> Bitmap Heap Scan on message
  -> Bitmap Index Scan using message_words
  -> Index Only Scan using conversation_status on conversation
  -> Index Scan using conversation_pkey on conversation
  (as in Linktor: conversations: select * from conversation where account_id = $1 and id = an …)
  (as in Blinger: get: select a.id, a.number, a.name, a.phone, a.description, a.own …)
  (as in Blinger: get: select * from "channel" where account_id = any($1::uuid[]) a …)
  (as in Blinger: get: select * from "contact" where account_id = any($1::uuid[]) a …)
  (as in Blinger: get: select * from "contact_identity" where account_id = any($1:: …)
  (as in Blinger: get: select * from "operator" where account_id = any($1::uuid[])  …)
  (as in Blinger: get: select * from "operator_group" where account_id = any($1::uu …)
  (as in Blinger: get: select * from "message" where account_id = any($1::uuid[]) a …)
  (as in Blinger: get: select * from "operator" where account_id = any($1::uuid[])  …)

-- Linktor: search in a status
  (as in Linktor: conversations of a status: select coalesce(sum(count), 0)::bigint as total from convers …)
with asked as materialized (
  select search_template($1) as template, $2::text as pattern),
  fresh as materialized (
  select m.conversation_id from (
  select conversation_id, text, kind from message where account_id = $3 order by number desc limit $4) m
  where m.text <> '' and m.kind not in ('note', 'system') and m.text ilike (select pattern from asked)),
  named as materialized (
  select c.id as conversation_id from (select ct.id from contact ct where ct.account_id = $5 and (coalesce(ct.custom_name, '') || ' ' || coalesce(ct.name, '')) ilike (select pattern from asked) limit $6) n
  cross join lateral (select channel_id from contact_identity i
  where i.account_id = $7 and i.contact_id = n.id offset 0) i
  cross join lateral (select id from conversation c
  where c.account_id = $8 and c.channel_id = i.channel_id and c.contact_id = n.id limit 1) c),
  worded as materialized (
  select conversation_id from (
  select m.conversation_id, m.is_said from (
  select newest - first as from_slice, greatest(newest - first - width + 1, oldest) as to_slice from (
  select newest, oldest, case when run < $9::int then (1 << run) - 1
  else $10::int * (run - $11::int + 1) - 1 end as first,
  case when run < $12::int then 1 << run else $13::int end as width
  from (select (select number >> 16 from message where account_id = $14 order by number desc limit 1) as newest, (select number >> 16 from message where account_id = $15 order by number asc limit 1) as oldest) ends
  cross join lateral generate_series(0, $16::int + (newest - oldest)::int / $17::int) as run) runs
  where first <= newest - oldest order by first) slices
  cross join lateral (
  select m.conversation_id, bool_or(m.text ilike (select pattern from asked)) as is_said from message m
  where m.account_id = $18 and m.text <> '' and m.kind not in ('note', 'system') and search_words(m.number >> 16, m.text) @@ (
  select string_agg(replace((select template from asked), '#', lpad(to_hex(slice), 6, '0')), ' | ')
  from generate_series(to_slice, from_slice) as slice)::tsquery
  group by m.conversation_id) m
  limit $19) latest
  where is_said),
  nearest as materialized (
  select conversation_id from (
  select conversation_id, row_number() over () as place from (
  select * from fresh union all select * from named union all select * from worded) every) placed
  group by conversation_id order by min(place)), found as materialized (
  select c.id, c.key from nearest f cross join lateral (
  select c.id, c.updated_at as key from conversation c where c.account_id = $20 and c.id = f.conversation_id and c.status = $21 limit 1) c
  limit $22) select (select count(*) from found) as total, array(select id from found order by key desc nulls last, id desc limit $23 offset $24) as ids
  -> Index Scan using message_account_id_number_key on message
  -> Bitmap Heap Scan on contact
  -> Bitmap Index Scan using contact_name_words
  -> Index Scan using contact_identity_contact on contact_identity
  -> Index Scan using conversation_account_id_channel_id_contact_id_key on conversation
  -> Sort
  -> Index Only Scan using message_account_id_number_key on message
  -> Bitmap Heap Scan on message
  -> Bitmap Index Scan using message_words
  -> Index Scan using conversation_pkey on conversation
  (as in Linktor: conversations: select * from conversation where account_id = $1 and id = an …)
  (as in Blinger: get: select a.id, a.number, a.name, a.phone, a.description, a.own …)
  (as in Blinger: get: select * from "channel" where account_id = any($1::uuid[]) a …)
  (as in Blinger: get: select * from "contact" where account_id = any($1::uuid[]) a …)
  (as in Blinger: get: select * from "contact_identity" where account_id = any($1:: …)
  (as in Blinger: get: select * from "operator" where account_id = any($1::uuid[])  …)
  (as in Blinger: get: select * from "operator_group" where account_id = any($1::uu …)
  (as in Blinger: get: select * from "message" where account_id = any($1::uuid[]) a …)
  (as in Blinger: get: select * from "operator" where account_id = any($1::uuid[])  …)

-- Linktor: search among few
/* planned anew */
  select id from (select * from ((select c.id, c.updated_at from conversation c where c.account_id = $1 and c.status = 'open' and c.contact_id = $2 and c.channel_id = any(array(select channel_id from contact_identity
  where account_id = $3 and contact_id = $4))
  order by c.updated_at desc, c.id desc) union all (select c.id, c.updated_at from conversation c where c.account_id = $5 and c.status = 'pending' and c.contact_id = $6 and c.channel_id = any(array(select channel_id from contact_identity
  where account_id = $7 and contact_id = $8))
  order by c.updated_at desc, c.id desc) union all (select c.id, c.updated_at from conversation c where c.account_id = $9 and c.status = 'snoozed' and c.contact_id = $10 and c.channel_id = any(array(select channel_id from contact_identity
  where account_id = $11 and contact_id = $12))
  order by c.updated_at desc, c.id desc) union all (select c.id, c.updated_at from conversation c where c.account_id = $13 and c.status = 'closed' and c.contact_id = $14 and c.channel_id = any(array(select channel_id from contact_identity
  where account_id = $15 and contact_id = $16))
  order by c.updated_at desc, c.id desc)) merged
  order by updated_at desc, id desc limit $17) few
  -> Sort
  -> Index Scan using contact_identity_contact on contact_identity
  -> Index Scan using conversation_account_id_channel_id_contact_id_key on conversation
with found as materialized (
  select c.* from unnest($1::uuid[]) as few(id) cross join lateral (
  select c.id, c.contact_id, c.updated_at as key from conversation c
  where c.account_id = $2 and c.id = few.id limit 1) c
  where coalesce(
  (select true from contact ct where ct.account_id = $3 and ct.id = c.contact_id and (coalesce(ct.custom_name, '') || ' ' || coalesce(ct.name, '')) ilike $4 limit 1),
  (select true from message m where m.account_id = $5 and m.conversation_id = c.id and m.text <> '' and m.kind not in ('note', 'system')
  and m.text ilike $6 limit 1))) select (select count(*) from found) as total, array(select id from found order by key desc nulls last, id desc limit $7 offset $8) as ids
  -> Index Scan using conversation_pkey on conversation
  -> Index Scan using contact_pkey on contact
  -> Index Scan using message_account_id_conversation_id_seq_key on message
  -> Sort
  (as in Linktor: conversations: select * from conversation where account_id = $1 and id = an …)
  (as in Blinger: get: select a.id, a.number, a.name, a.phone, a.description, a.own …)
  (as in Blinger: get: select * from "channel" where account_id = any($1::uuid[]) a …)
  (as in Blinger: get: select * from "contact" where account_id = any($1::uuid[]) a …)
  (as in Blinger: get: select * from "contact_identity" where account_id = any($1:: …)
  (as in Blinger: get: select * from "operator" where account_id = any($1::uuid[])  …)
  (as in Blinger: get: select * from "operator_group" where account_id = any($1::uu …)
  (as in Blinger: get: select * from "message" where account_id = any($1::uuid[]) a …)

-- Linktor: messages, next page
select * from "message" where "account_id" = $1 and "conversation_id" = $2 and "seq" < $3 and "kind" not in ($4, $5) order by "seq" desc limit $6
  -> Index Scan using message_account_id_conversation_id_seq_key on message
  (as in Blinger: get: select * from "operator" where account_id = any($1::uuid[])  …)

-- Linktor: channels
select count(*) as "total" from "channel" where "account_id" = $1 and "removed_at" is null
select * from "channel" where "account_id" = $1 and "removed_at" is null order by "number" limit $2 offset $3
  -> Sort
/* planned anew */
  with spoken as materialized (
  select channel_id, count(*) filter (where direction = 'inbound') as received,
  count(*) filter (where direction = 'outbound') as sent
  from message where account_id = $1 and created_at >= $2 and kind not in ('note', 'system')
  group by channel_id
  ), active as materialized (
  select channel_id, sum(count)::bigint as conversations from conversation_count
  where account_id = $3 and status <> 'closed' group by channel_id
  )
  select c.id, coalesce(s.received, 0) as received, coalesce(s.sent, 0) as sent,
  coalesce(a.conversations, 0) as active_conversations
  from channel c left join spoken s on s.channel_id = c.id left join active a on a.channel_id = c.id
  where c.account_id = $4 and c.id = any($5::uuid[])
  -> Bitmap Heap Scan on message
  -> Bitmap Index Scan using message_created

-- Linktor: participants
select kind, id from (
  select author_kind as kind, author_id as id, created_at as at from message
  where account_id = $1 and conversation_id = $2 and author_kind in ('operator', 'bot')
  union all
  select data -> 'assignee' ->> 'kind', (data -> 'assignee' ->> 'id')::uuid, created_at from event
  where account_id = $3 and conversation_id = $4
  and type in ('conversation.assigned', 'conversation.transferred')
  union all
  select 'bot', bot_id, created_at from conversation
  where account_id = $5 and id = $6 and bot_id is not null
  ) deeds group by kind, id order by min(at)
  -> Sort
  -> Index Scan using message_account_id_conversation_id_seq_key on message
  -> Index Scan using event_conversation on event
  -> Index Scan using conversation_bot on conversation
  (as in Blinger: get: select * from "operator" where account_id = any($1::uuid[])  …)

-- Native: conversations
/* planned anew */
  select id, updated_at from ((select c.id, c.updated_at from conversation c where c.account_id = $1 and c.status = 'open'
  order by c.updated_at desc, c.id desc limit $2) union all (select c.id, c.updated_at from conversation c where c.account_id = $3 and c.status = 'pending'
  order by c.updated_at desc, c.id desc limit $4) union all (select c.id, c.updated_at from conversation c where c.account_id = $5 and c.status = 'snoozed'
  order by c.updated_at desc, c.id desc limit $6) union all (select c.id, c.updated_at from conversation c where c.account_id = $7 and c.status = 'closed'
  order by c.updated_at desc, c.id desc limit $8)) merged order by updated_at desc, id desc limit $9
  -> Index Only Scan using conversation_status on conversation
  (as in Linktor: conversations: select * from conversation where account_id = $1 and id = an …)
  (as in Blinger: get: select a.id, a.number, a.name, a.phone, a.description, a.own …)
  (as in Blinger: get: select * from "channel" where account_id = any($1::uuid[]) a …)
  (as in Blinger: get: select * from "contact" where account_id = any($1::uuid[]) a …)
  (as in Blinger: get: select * from "contact_identity" where account_id = any($1:: …)
  (as in Blinger: get: select * from "operator" where account_id = any($1::uuid[])  …)
  (as in Blinger: get: select * from "operator_group" where account_id = any($1::uu …)
  (as in Blinger: get: select * from "message" where account_id = any($1::uuid[]) a …)
  (as in Blinger: get: select * from "operator" where account_id = any($1::uuid[])  …)

-- Native: conversations, next page
/* planned anew */
  select id, updated_at from ((select c.id, c.updated_at from conversation c where c.account_id = $1 and (c.updated_at, c.id) < ($2::timestamptz, $3::uuid) and c.status = 'open'
  order by c.updated_at desc, c.id desc limit $4) union all (select c.id, c.updated_at from conversation c where c.account_id = $5 and (c.updated_at, c.id) < ($6::timestamptz, $7::uuid) and c.status = 'pending'
  order by c.updated_at desc, c.id desc limit $8) union all (select c.id, c.updated_at from conversation c where c.account_id = $9 and (c.updated_at, c.id) < ($10::timestamptz, $11::uuid) and c.status = 'snoozed'
  order by c.updated_at desc, c.id desc limit $12) union all (select c.id, c.updated_at from conversation c where c.account_id = $13 and (c.updated_at, c.id) < ($14::timestamptz, $15::uuid) and c.status = 'closed'
  order by c.updated_at desc, c.id desc limit $16)) merged order by updated_at desc, id desc limit $17
  -> Index Only Scan using conversation_status on conversation
  (as in Linktor: conversations: select * from conversation where account_id = $1 and id = an …)
  (as in Blinger: get: select a.id, a.number, a.name, a.phone, a.description, a.own …)
  (as in Blinger: get: select * from "channel" where account_id = any($1::uuid[]) a …)
  (as in Blinger: get: select * from "contact" where account_id = any($1::uuid[]) a …)
  (as in Blinger: get: select * from "contact_identity" where account_id = any($1:: …)
  (as in Blinger: get: select * from "operator" where account_id = any($1::uuid[])  …)
  (as in Blinger: get: select * from "operator_group" where account_id = any($1::uu …)
  (as in Blinger: get: select * from "message" where account_id = any($1::uuid[]) a …)
  (as in Blinger: get: select * from "operator" where account_id = any($1::uuid[])  …)

-- Native: conversations of a status
/* planned anew */
  select id, updated_at from ((select c.id, c.updated_at from conversation c where c.account_id = $1 and (c.updated_at, c.id) < ($2::timestamptz, $3::uuid) and c.status = 'open'
  order by c.updated_at desc, c.id desc limit $4)) merged order by updated_at desc, id desc limit $5
  -> Index Only Scan using conversation_status on conversation
  (as in Linktor: conversations: select * from conversation where account_id = $1 and id = an …)
  (as in Blinger: get: select a.id, a.number, a.name, a.phone, a.description, a.own …)
  (as in Blinger: get: select * from "channel" where account_id = any($1::uuid[]) a …)
  (as in Blinger: get: select * from "contact" where account_id = any($1::uuid[]) a …)
  (as in Blinger: get: select * from "contact_identity" where account_id = any($1:: …)
  (as in Blinger: get: select * from "operator" where account_id = any($1::uuid[])  …)
  (as in Blinger: get: select * from "operator_group" where account_id = any($1::uu …)
  (as in Blinger: get: select * from "message" where account_id = any($1::uuid[]) a …)
  (as in Blinger: get: select * from "operator" where account_id = any($1::uuid[])  …)

-- Native: conversations of a channel and a group
/* planned anew */
  select id, updated_at from ((select c.id, c.updated_at from conversation c where c.account_id = $1 and c.channel_id = $2 and c.group_id = $3 and (c.updated_at, c.id) < ($4::timestamptz, $5::uuid) and c.status = 'open'
  order by c.updated_at desc, c.id desc limit $6) union all (select c.id, c.updated_at from conversation c where c.account_id = $7 and c.channel_id = $8 and c.group_id = $9 and (c.updated_at, c.id) < ($10::timestamptz, $11::uuid) and c.status = 'pending'
  order by c.updated_at desc, c.id desc limit $12) union all (select c.id, c.updated_at from conversation c where c.account_id = $13 and c.channel_id = $14 and c.group_id = $15 and (c.updated_at, c.id) < ($16::timestamptz, $17::uuid) and c.status = 'snoozed'
  order by c.updated_at desc, c.id desc limit $18) union all (select c.id, c.updated_at from conversation c where c.account_id = $19 and c.channel_id = $20 and c.group_id = $21 and (c.updated_at, c.id) < ($22::timestamptz, $23::uuid) and c.status = 'closed'
  order by c.updated_at desc, c.id desc limit $24)) merged order by updated_at desc, id desc limit $25
  -> Index Only Scan using conversation_status on conversation
  (as in Linktor: conversations: select * from conversation where account_id = $1 and id = an …)
  (as in Blinger: get: select a.id, a.number, a.name, a.phone, a.description, a.own …)
  (as in Blinger: get: select * from "channel" where account_id = any($1::uuid[]) a …)
  (as in Blinger: get: select * from "contact" where account_id = any($1::uuid[]) a …)
  (as in Blinger: get: select * from "contact_identity" where account_id = any($1:: …)
  (as in Blinger: get: select * from "operator" where account_id = any($1::uuid[])  …)
  (as in Blinger: get: select * from "operator_group" where account_id = any($1::uu …)
  (as in Blinger: get: select * from "message" where account_id = any($1::uuid[]) a …)
  (as in Blinger: get: select * from "operator" where account_id = any($1::uuid[])  …)

-- Native: conversations of an operator
/* planned anew */
  select id, updated_at from ((select c.id, c.updated_at from conversation c where c.account_id = $1 and c.assignee_id = $2 and (c.updated_at, c.id) < ($3::timestamptz, $4::uuid) and c.status = 'open'
  order by c.updated_at desc, c.id desc limit $5) union all (select c.id, c.updated_at from conversation c where c.account_id = $6 and c.assignee_id = $7 and (c.updated_at, c.id) < ($8::timestamptz, $9::uuid) and c.status = 'pending'
  order by c.updated_at desc, c.id desc limit $10) union all (select c.id, c.updated_at from conversation c where c.account_id = $11 and c.assignee_id = $12 and (c.updated_at, c.id) < ($13::timestamptz, $14::uuid) and c.status = 'snoozed'
  order by c.updated_at desc, c.id desc limit $15) union all (select c.id, c.updated_at from conversation c where c.account_id = $16 and c.assignee_id = $17 and (c.updated_at, c.id) < ($18::timestamptz, $19::uuid) and c.status = 'closed'
  order by c.updated_at desc, c.id desc limit $20)) merged order by updated_at desc, id desc limit $21
  -> Index Only Scan using conversation_assignee on conversation
  (as in Linktor: conversations: select * from conversation where account_id = $1 and id = an …)
  (as in Blinger: get: select a.id, a.number, a.name, a.phone, a.description, a.own …)
  (as in Blinger: get: select * from "channel" where account_id = any($1::uuid[]) a …)
  (as in Blinger: get: select * from "contact" where account_id = any($1::uuid[]) a …)
  (as in Blinger: get: select * from "contact_identity" where account_id = any($1:: …)
  (as in Blinger: get: select * from "operator" where account_id = any($1::uuid[])  …)
  (as in Blinger: get: select * from "operator_group" where account_id = any($1::uu …)
  (as in Blinger: get: select * from "message" where account_id = any($1::uuid[]) a …)
  (as in Blinger: get: select * from "operator" where account_id = any($1::uuid[])  …)

-- Native: conversations of a bot
/* planned anew */
  select id, updated_at from ((select c.id, c.updated_at from conversation c where c.account_id = $1 and c.bot_id = $2 and (c.assignee_bot_id = $3 or c.is_bot_active) and (c.updated_at, c.id) < ($4::timestamptz, $5::uuid) and c.status = 'open'
  order by c.updated_at desc, c.id desc limit $6) union all (select c.id, c.updated_at from conversation c where c.account_id = $7 and c.bot_id = $8 and (c.assignee_bot_id = $9 or c.is_bot_active) and (c.updated_at, c.id) < ($10::timestamptz, $11::uuid) and c.status = 'pending'
  order by c.updated_at desc, c.id desc limit $12) union all (select c.id, c.updated_at from conversation c where c.account_id = $13 and c.bot_id = $14 and (c.assignee_bot_id = $15 or c.is_bot_active) and (c.updated_at, c.id) < ($16::timestamptz, $17::uuid) and c.status = 'snoozed'
  order by c.updated_at desc, c.id desc limit $18) union all (select c.id, c.updated_at from conversation c where c.account_id = $19 and c.bot_id = $20 and (c.assignee_bot_id = $21 or c.is_bot_active) and (c.updated_at, c.id) < ($22::timestamptz, $23::uuid) and c.status = 'closed'
  order by c.updated_at desc, c.id desc limit $24)) merged order by updated_at desc, id desc limit $25
  -> Index Scan using conversation_bot on conversation

-- Native: conversations of nobody
/* planned anew */
  select id, updated_at from ((select c.id, c.updated_at from conversation c where c.account_id = $1 and c.assignee_id is null and c.assignee_bot_id is null and (c.updated_at, c.id) < ($2::timestamptz, $3::uuid) and c.status = 'open'
  order by c.updated_at desc, c.id desc limit $4) union all (select c.id, c.updated_at from conversation c where c.account_id = $5 and c.assignee_id is null and c.assignee_bot_id is null and (c.updated_at, c.id) < ($6::timestamptz, $7::uuid) and c.status = 'pending'
  order by c.updated_at desc, c.id desc limit $8) union all (select c.id, c.updated_at from conversation c where c.account_id = $9 and c.assignee_id is null and c.assignee_bot_id is null and (c.updated_at, c.id) < ($10::timestamptz, $11::uuid) and c.status = 'snoozed'
  order by c.updated_at desc, c.id desc limit $12) union all (select c.id, c.updated_at from conversation c where c.account_id = $13 and c.assignee_id is null and c.assignee_bot_id is null and (c.updated_at, c.id) < ($14::timestamptz, $15::uuid) and c.status = 'closed'
  order by c.updated_at desc, c.id desc limit $16)) merged order by updated_at desc, id desc limit $17
  -> Index Scan using conversation_unassigned on conversation
  -> Index Scan using conversation_status on conversation
  (as in Linktor: conversations: select * from conversation where account_id = $1 and id = an …)
  (as in Blinger: get: select a.id, a.number, a.name, a.phone, a.description, a.own …)
  (as in Blinger: get: select * from "channel" where account_id = any($1::uuid[]) a …)
  (as in Blinger: get: select * from "contact" where account_id = any($1::uuid[]) a …)
  (as in Blinger: get: select * from "contact_identity" where account_id = any($1:: …)
  (as in Blinger: get: select * from "operator_group" where account_id = any($1::uu …)
  (as in Blinger: get: select * from "message" where account_id = any($1::uuid[]) a …)
  (as in Blinger: get: select * from "operator" where account_id = any($1::uuid[])  …)

-- Native: conversations of a contact
/* planned anew */
  select id, updated_at from ((select c.id, c.updated_at from conversation c where c.account_id = $1 and c.contact_id = $2 and c.channel_id = any(array(select channel_id from contact_identity
  where account_id = $3 and contact_id = $4)) and c.status = 'open'
  order by c.updated_at desc, c.id desc limit $5) union all (select c.id, c.updated_at from conversation c where c.account_id = $6 and c.contact_id = $7 and c.channel_id = any(array(select channel_id from contact_identity
  where account_id = $8 and contact_id = $9)) and c.status = 'pending'
  order by c.updated_at desc, c.id desc limit $10) union all (select c.id, c.updated_at from conversation c where c.account_id = $11 and c.contact_id = $12 and c.channel_id = any(array(select channel_id from contact_identity
  where account_id = $13 and contact_id = $14)) and c.status = 'snoozed'
  order by c.updated_at desc, c.id desc limit $15) union all (select c.id, c.updated_at from conversation c where c.account_id = $16 and c.contact_id = $17 and c.channel_id = any(array(select channel_id from contact_identity
  where account_id = $18 and contact_id = $19)) and c.status = 'closed'
  order by c.updated_at desc, c.id desc limit $20)) merged order by updated_at desc, id desc limit $21
  -> Sort
  -> Index Scan using contact_identity_contact on contact_identity
  -> Index Scan using conversation_account_id_channel_id_contact_id_key on conversation
  (as in Linktor: conversations: select * from conversation where account_id = $1 and id = an …)
  (as in Blinger: get: select a.id, a.number, a.name, a.phone, a.description, a.own …)
  (as in Blinger: get: select * from "channel" where account_id = any($1::uuid[]) a …)
  (as in Blinger: get: select * from "contact" where account_id = any($1::uuid[]) a …)
  (as in Blinger: get: select * from "contact_identity" where account_id = any($1:: …)
  (as in Blinger: get: select * from "operator" where account_id = any($1::uuid[])  …)
  (as in Blinger: get: select * from "operator_group" where account_id = any($1::uu …)
  (as in Blinger: get: select * from "message" where account_id = any($1::uuid[]) a …)

-- Native: conversations that are unassigned, of a group
/* planned anew */
  select id, updated_at from ((select c.id, c.updated_at from conversation c where c.account_id = $1 and c.group_id = $2 and (c.updated_at, c.id) < ($3::timestamptz, $4::uuid) and c.status <> 'closed' and c.assignee_id is null
  order by c.updated_at desc, c.id desc limit $5)) merged order by updated_at desc, id desc limit $6
  -> Index Only Scan using conversation_unassigned on conversation
  (as in Linktor: conversations: select * from conversation where account_id = $1 and id = an …)
  (as in Blinger: get: select a.id, a.number, a.name, a.phone, a.description, a.own …)
  (as in Blinger: get: select * from "channel" where account_id = any($1::uuid[]) a …)
  (as in Blinger: get: select * from "contact" where account_id = any($1::uuid[]) a …)
  (as in Blinger: get: select * from "contact_identity" where account_id = any($1:: …)
  (as in Blinger: get: select * from "operator_group" where account_id = any($1::uu …)
  (as in Blinger: get: select * from "message" where account_id = any($1::uuid[]) a …)
  (as in Blinger: get: select * from "operator" where account_id = any($1::uuid[])  …)

-- Native: conversations that are unread, of an operator
/* planned anew */
  select id, updated_at from ((select c.id, c.updated_at from conversation c where c.account_id = $1 and c.assignee_id = $2 and c.status <> 'closed' and c.assignee_id is not null and c.unread_count > 0
  order by c.updated_at desc, c.id desc limit $3)) merged order by updated_at desc, id desc limit $4
  -> Index Only Scan using conversation_unread on conversation
  (as in Linktor: conversations: select * from conversation where account_id = $1 and id = an …)
  (as in Blinger: get: select a.id, a.number, a.name, a.phone, a.description, a.own …)
  (as in Blinger: get: select * from "channel" where account_id = any($1::uuid[]) a …)
  (as in Blinger: get: select * from "contact" where account_id = any($1::uuid[]) a …)
  (as in Blinger: get: select * from "contact_identity" where account_id = any($1:: …)
  (as in Blinger: get: select * from "operator" where account_id = any($1::uuid[])  …)
  (as in Blinger: get: select * from "operator_group" where account_id = any($1::uu …)
  (as in Blinger: get: select * from "message" where account_id = any($1::uuid[]) a …)

-- Native: conversations with a rare tag
select count(*) as count from (
  select 1 from conversation_tag where account_id = $1 and tag = $2
  order by conversation_id limit $3) few
  -> Index Only Scan using conversation_tag_pkey on conversation_tag
/* planned anew */
  select c.id, c.updated_at from (
  select conversation_id from conversation_tag where account_id = $1 and tag = $2
  order by conversation_id offset 0) tagged
  cross join lateral (
  select c.id, c.updated_at from conversation c where c.account_id = $3 and (c.updated_at, c.id) < ($4::timestamptz, $5::uuid) and exists (select 1 from conversation_tag t where t.account_id = $6 and t.tag = $7 and t.conversation_id = c.id offset 0) and c.id = tagged.conversation_id limit 1) c order by updated_at desc, id desc limit $8
  -> Sort
  -> Index Only Scan using conversation_tag_pkey on conversation_tag
  -> Index Scan using conversation_pkey on conversation
  (as in Linktor: conversations: select * from conversation where account_id = $1 and id = an …)
  (as in Blinger: get: select a.id, a.number, a.name, a.phone, a.description, a.own …)
  (as in Blinger: get: select * from "channel" where account_id = any($1::uuid[]) a …)
  (as in Blinger: get: select * from "contact" where account_id = any($1::uuid[]) a …)
  (as in Blinger: get: select * from "contact_identity" where account_id = any($1:: …)
  (as in Blinger: get: select * from "operator" where account_id = any($1::uuid[])  …)
  (as in Blinger: get: select * from "operator_group" where account_id = any($1::uu …)
  (as in Blinger: get: select * from "message" where account_id = any($1::uuid[]) a …)
  (as in Blinger: get: select * from "operator" where account_id = any($1::uuid[])  …)

-- Native: conversations with a frequent tag
  (as in Native: conversations with a rare tag: select count(*) as count from ( select 1 from conversa …)
/* planned anew */
  select id, updated_at from ((select c.id, c.updated_at from conversation c where c.account_id = $1 and (c.updated_at, c.id) < ($2::timestamptz, $3::uuid) and exists (select 1 from conversation_tag t where t.account_id = $4 and t.tag = $5 and t.conversation_id = c.id offset 0) and c.status = 'open'
  order by c.updated_at desc, c.id desc limit $6)) merged order by updated_at desc, id desc limit $7
  -> Index Only Scan using conversation_status on conversation
  -> Index Only Scan using conversation_tag_pkey on conversation_tag
  (as in Linktor: conversations: select * from conversation where account_id = $1 and id = an …)
  (as in Blinger: get: select a.id, a.number, a.name, a.phone, a.description, a.own …)
  (as in Blinger: get: select * from "channel" where account_id = any($1::uuid[]) a …)
  (as in Blinger: get: select * from "contact" where account_id = any($1::uuid[]) a …)
  (as in Blinger: get: select * from "contact_identity" where account_id = any($1:: …)
  (as in Blinger: get: select * from "operator" where account_id = any($1::uuid[])  …)
  (as in Blinger: get: select * from "operator_group" where account_id = any($1::uu …)
  (as in Blinger: get: select * from "message" where account_id = any($1::uuid[]) a …)
  (as in Blinger: get: select * from "operator" where account_id = any($1::uuid[])  …)

-- Native: conversations before an operator of groups
/* planned anew */
  select id, updated_at from ((select c.id, c.updated_at from conversation c where c.account_id = $1 and (c.assignee_id = $2 or c.group_id = any($3::uuid[])) and (c.updated_at, c.id) < ($4::timestamptz, $5::uuid) and c.status = 'open'
  order by c.updated_at desc, c.id desc limit $6) union all (select c.id, c.updated_at from conversation c where c.account_id = $7 and (c.assignee_id = $8 or c.group_id = any($9::uuid[])) and (c.updated_at, c.id) < ($10::timestamptz, $11::uuid) and c.status = 'pending'
  order by c.updated_at desc, c.id desc limit $12) union all (select c.id, c.updated_at from conversation c where c.account_id = $13 and (c.assignee_id = $14 or c.group_id = any($15::uuid[])) and (c.updated_at, c.id) < ($16::timestamptz, $17::uuid) and c.status = 'snoozed'
  order by c.updated_at desc, c.id desc limit $18) union all (select c.id, c.updated_at from conversation c where c.account_id = $19 and (c.assignee_id = $20 or c.group_id = any($21::uuid[])) and (c.updated_at, c.id) < ($22::timestamptz, $23::uuid) and c.status = 'closed'
  order by c.updated_at desc, c.id desc limit $24)) merged order by updated_at desc, id desc limit $25
  -> Index Only Scan using conversation_status on conversation
  (as in Linktor: conversations: select * from conversation where account_id = $1 and id = an …)
  (as in Blinger: get: select a.id, a.number, a.name, a.phone, a.description, a.own …)
  (as in Blinger: get: select * from "channel" where account_id = any($1::uuid[]) a …)
  (as in Blinger: get: select * from "contact" where account_id = any($1::uuid[]) a …)
  (as in Blinger: get: select * from "contact_identity" where account_id = any($1:: …)
  (as in Blinger: get: select * from "operator" where account_id = any($1::uuid[])  …)
  (as in Blinger: get: select * from "operator_group" where account_id = any($1::uu …)
  (as in Blinger: get: select * from "message" where account_id = any($1::uuid[]) a …)
  (as in Blinger: get: select * from "operator" where account_id = any($1::uuid[])  …)

-- Native: conversations before an operator of its own
  (as in Native: conversations of an operator: /* planned anew */ select id, updated_at from ((select c …)
  (as in Linktor: conversations: select * from conversation where account_id = $1 and id = an …)
  (as in Blinger: get: select a.id, a.number, a.name, a.phone, a.description, a.own …)
  (as in Blinger: get: select * from "channel" where account_id = any($1::uuid[]) a …)
  (as in Blinger: get: select * from "contact" where account_id = any($1::uuid[]) a …)
  (as in Blinger: get: select * from "contact_identity" where account_id = any($1:: …)
  (as in Blinger: get: select * from "operator" where account_id = any($1::uuid[])  …)
  (as in Blinger: get: select * from "operator_group" where account_id = any($1::uu …)
  (as in Blinger: get: select * from "message" where account_id = any($1::uuid[]) a …)
  (as in Blinger: get: select * from "operator" where account_id = any($1::uuid[])  …)

-- Native: tags
with recursive used as (
  select (select tag from conversation_tag where account_id = $1 and tag >= $2 order by tag limit 1) as tag
  union all
  select (select n.tag from conversation_tag n where n.account_id = $3 and n.tag > used.tag order by n.tag limit 1)
  from used where used.tag is not null and starts_with(used.tag, $4))
  select tag from used where tag is not null and starts_with(tag, $5) limit $6
  -> Index Only Scan using conversation_tag_pkey on conversation_tag

-- Native: tags, next page
with recursive used as (
  select (select tag from conversation_tag where account_id = $1 and tag > $2 and tag >= $3 order by tag limit 1) as tag
  union all
  select (select n.tag from conversation_tag n where n.account_id = $4 and n.tag > used.tag order by n.tag limit 1)
  from used where used.tag is not null and starts_with(used.tag, $5))
  select tag from used where tag is not null and starts_with(tag, $6) limit $7
  -> Index Only Scan using conversation_tag_pkey on conversation_tag

-- Native: conversations of one contact
select c.* from conversation c where c.account_id = $1 and c.contact_id = $2 and c.channel_id = any(array(select channel_id from contact_identity
  where account_id = $3 and contact_id = $4)) order by c.number
  -> Sort
  -> Index Scan using contact_identity_contact on contact_identity
  -> Index Scan using conversation_account_id_channel_id_contact_id_key on conversation
  (as in Blinger: get: select a.id, a.number, a.name, a.phone, a.description, a.own …)
  (as in Blinger: get: select * from "channel" where account_id = any($1::uuid[]) a …)
  (as in Blinger: get: select * from "contact" where account_id = any($1::uuid[]) a …)
  (as in Blinger: get: select * from "contact_identity" where account_id = any($1:: …)
  (as in Blinger: get: select * from "operator" where account_id = any($1::uuid[])  …)
  (as in Blinger: get: select * from "operator_group" where account_id = any($1::uu …)
  (as in Blinger: get: select * from "message" where account_id = any($1::uuid[]) a …)

-- Native: contacts
/* planned anew */
  select ct.id from contact ct where ct.account_id = $1 order by ct.number desc limit $2
  -> Index Scan using contact_account_id_number_key on contact
  (as in Blinger: get: select * from "contact" where account_id = any($1::uuid[]) a …)

-- Native: contacts, next page
/* planned anew */
  select ct.id from contact ct where ct.account_id = $1 and ct.number < $2 order by ct.number desc limit $3
  -> Index Scan using contact_account_id_number_key on contact
  (as in Blinger: get: select * from "contact" where account_id = any($1::uuid[]) a …)

-- Native: contacts by name
/* planned anew */
  select ct.id from (select ct.* from contact ct where ct.account_id = $1 and (coalesce(ct.custom_name, '') || ' ' || coalesce(ct.name, '')) ilike $2 limit $3 offset 0) ct where ct.account_id = $4 order by ct.number desc limit $5
  -> Sort
  -> Bitmap Heap Scan on contact
  -> Bitmap Index Scan using contact_name_words
  (as in Blinger: get: select * from "contact" where account_id = any($1::uuid[]) a …)

-- Native: contacts by two letters
/* planned anew */
  select ct.id from (select ct.* from (
  select * from contact where account_id = $1 order by number desc limit $2) ct
  where (coalesce(ct.custom_name, '') || ' ' || coalesce(ct.name, '')) ilike $3 offset 0) ct where ct.account_id = $4 order by ct.number desc limit $5
  -> Sort
  -> Index Scan using contact_account_id_number_key on contact
  (as in Blinger: get: select * from "contact" where account_id = any($1::uuid[]) a …)

-- Native: contacts by phone
/* planned anew */
  select ct.id from contact ct where ct.account_id = $1 and ct.phone = $2 order by ct.number desc limit $3
  -> Sort
  -> Index Scan using contact_phone on contact
  (as in Blinger: get: select * from "contact" where account_id = any($1::uuid[]) a …)

-- Native: contacts by e-mail
/* planned anew */
  select ct.id from contact ct where ct.account_id = $1 and ct.email = $2 order by ct.number desc limit $3
  -> Sort
  -> Index Scan using contact_email on contact

-- Native: contacts before an operator of groups
/* planned anew */
  select ct.id from contact ct where ct.account_id = $1 and exists (select 1 from contact_identity i, conversation c where i.account_id = $2 and i.contact_id = ct.id and c.account_id = $3 and c.channel_id = i.channel_id and c.contact_id = i.contact_id and (c.assignee_id = $4 or c.group_id = any($5::uuid[])) offset 0) order by ct.number desc limit $6
  -> Index Scan using contact_account_id_number_key on contact
  -> Index Scan using contact_identity_contact on contact_identity
  -> Index Scan using conversation_account_id_channel_id_contact_id_key on conversation
  (as in Blinger: get: select * from "contact" where account_id = any($1::uuid[]) a …)

-- Native: contacts before an operator of its own
/* planned anew */
  select ct.id from contact ct where ct.account_id = $1 and ct.id = any(array(select contact_id from conversation where account_id = $2 and assignee_id = $3)) order by ct.number desc limit $4
  -> Bitmap Heap Scan on conversation
  -> Bitmap Index Scan using conversation_assignee
  -> Sort
  -> Index Scan using contact_pkey on contact
  (as in Blinger: get: select * from "contact" where account_id = any($1::uuid[]) a …)

-- Native: events about a conversation
select e.id, e.type, e.created_at as occurred_at from event e
  where e.account_id = $1 and e.conversation_id = $2 and e.id + 0 > $3 order by e.id + 0 limit $4
  -> Sort
  -> Bitmap Heap Scan on event
  -> Bitmap Index Scan using event_talk

-- Native: events about a contact
select e.id, e.type, e.created_at as occurred_at from event e
  where e.account_id = $1 and left(e.type, 8) = 'contact.' and e.data ->> 'contactId' = $2 and e.id + 0 > $3 order by e.id + 0 limit $4
  -> Sort
  -> Index Scan using event_contact on event

-- Native: files of a conversation
select * from "attachment" where "account_id" = $1 and "conversation_id" = $2 and "number" > $3 order by "number" limit $4
  -> Sort

-- operators
select * from "operator" where "account_id" = $1 and "removed_at" is null order by "number"
  -> Sort

-- groups
select * from "operator_group" where "account_id" = $1 order by "number"
  -> Sort
