-- Webhooks: who is told what happens, what they were told, and what is still to be told.
-- `account.webhook_url` is not read or written any more; it goes with the next release.

create table webhook (
  account_id uuid not null references account (id),
  id uuid not null,
  number integer generated always as identity,
  dialect text not null check (dialect in ('native', 'blinger', 'pact', 'linktor')),
  url text not null,
  description text,
  events text[] not null,
  -- Headers may hold credentials, so they are sealed like secrets.
  sealed_headers text not null,
  signature text not null check (signature in ('none', 'standard', 'timestamped', 'body')),
  timeout_ms integer,
  max_attempts integer,
  sealed_secret text,
  secret_hint text not null,
  sealed_previous_secret text,
  previous_secret_until timestamptz,
  is_active boolean not null,
  pause text check (pause in ('gone', 'failing')),
  failing_since timestamptz,
  -- How far the event log was told: everything up to here was tried once at least.
  after_transaction_id xid8 not null,
  after_id bigint not null,
  -- Sums over all deliveries, also those that are kept no longer.
  succeeded_count bigint not null default 0,
  failed_count bigint not null default 0,
  attempt_count bigint not null default 0,
  latency_ms bigint not null default 0,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  removed_at timestamptz,
  primary key (account_id, id)
);
create unique index webhook_number on webhook (account_id, number);

create table webhook_delivery (
  account_id uuid not null,
  -- Follows from the webhook and the event: the same event is never two deliveries.
  id uuid not null,
  number bigint generated always as identity,
  webhook_id uuid not null,
  event_key text not null,
  event text not null,
  conversation_id uuid,
  -- The oldest message that it has the words of.
  message_id uuid,
  -- Of what tells of a contact alone and says what it is.
  contact_id uuid,
  body text not null,
  occurred_at timestamptz not null,
  status text not null check (status in ('pending', 'succeeded', 'failed')),
  attempt_count integer not null,
  failures integer not null,
  attempts jsonb not null,
  due_at timestamptz,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (account_id, id),
  foreign key (account_id, webhook_id) references webhook (account_id, id)
);
create index webhook_delivery_list on webhook_delivery (account_id, webhook_id, number);
create index webhook_delivery_due on webhook_delivery (account_id, webhook_id, due_at) where status = 'pending';
create index webhook_delivery_failed on webhook_delivery (account_id, webhook_id, occurred_at) where status = 'failed';
create index webhook_delivery_conversation on webhook_delivery (account_id, conversation_id) where conversation_id is not null;
create index webhook_delivery_contact on webhook_delivery (account_id, contact_id) where contact_id is not null;

-- Whoever may do everything may do this too; a key that was promised webhooks has them now.
update token set permissions = permissions || '{webhook.read,webhook.write}'
 where permissions @> '{event.read,token.write,account.write}';
update token set permissions = array_append(permissions, 'webhook.read')
 where kind = 'linktor' and scopes @> '{webhooks:read}' and not permissions @> '{webhook.read}';
update token set permissions = array_append(permissions, 'webhook.write')
 where kind = 'linktor' and scopes @> '{webhooks:write}' and not permissions @> '{webhook.write}';
