-- The house: accounts and everything an account has. `account_id` leads every key but those of the reference
-- tables (account, person and the sign-in store, token and channel secrets), so that the schema can be distributed by account.

create extension if not exists pg_trgm;

-- Contact identities and channels are named from one sequence: to one of the dialects both are the same kind of thing.
create sequence party_number;
create sequence dispatch_number;

create table account (
  id uuid primary key,
  number bigint generated always as identity unique,
  name text not null,
  phone text,
  description text,
  webhook_url text,
  owner_id uuid not null,
  created_at timestamptz not null,
  updated_at timestamptz not null
);

-- The sign-in store of operators (better-auth's four tables, named by us).
create table person (
  id text primary key,
  name text not null,
  email text not null unique,
  email_verified boolean not null default false,
  image text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create table person_credential (
  id text primary key,
  account_id text not null,
  provider_id text not null,
  user_id text not null references person (id) on delete cascade,
  access_token text,
  refresh_token text,
  id_token text,
  access_token_expires_at timestamptz,
  refresh_token_expires_at timestamptz,
  scope text,
  password text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index person_credential_user on person_credential (user_id);
create table person_session (
  id text primary key,
  expires_at timestamptz not null,
  token text not null unique,
  ip_address text,
  user_agent text,
  user_id text not null references person (id) on delete cascade,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index person_session_user on person_session (user_id);
create table person_verification (
  id text primary key,
  identifier text not null,
  value text not null,
  expires_at timestamptz not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index person_verification_identifier on person_verification (identifier);

create table attachment (
  account_id uuid not null references account (id),
  id uuid not null,
  number bigint generated always as identity,
  conversation_id uuid,
  message_id uuid,
  path text not null,
  digest text not null,
  kind text not null check (kind in ('image', 'audio', 'video', 'file')),
  mime_type text not null,
  ext text not null,
  size bigint not null,
  width integer,
  height integer,
  original_name text,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (account_id, id),
  unique (account_id, number)
);
-- A file's URL names no account: its path is the one thing looked up across accounts.
create unique index attachment_path on attachment (path);

create table operator (
  account_id uuid not null references account (id),
  id uuid not null,
  number bigint generated always as identity,
  person_id text references person (id),
  email text,
  name text not null,
  role text not null check (role in ('owner', 'admin', 'supervisor', 'agent', 'viewer')),
  status text not null check (status in ('online', 'offline')),
  is_active boolean not null,
  external_id text,
  avatar_id uuid,
  conversations_token text not null,
  removed_at timestamptz,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (account_id, id),
  unique (account_id, number),
  foreign key (account_id, avatar_id) references attachment (account_id, id)
);
create unique index operator_external on operator (account_id, external_id) where removed_at is null;

create table operator_group (
  account_id uuid not null references account (id),
  id uuid not null,
  number bigint generated always as identity,
  title text not null,
  priority integer not null,
  color text not null,
  is_default boolean not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (account_id, id),
  unique (account_id, number),
  unique (account_id, priority)
);
create unique index operator_group_default on operator_group (account_id) where is_default;

create table operator_group_member (
  account_id uuid not null,
  group_id uuid not null,
  operator_id uuid not null,
  primary key (account_id, group_id, operator_id),
  foreign key (account_id, group_id) references operator_group (account_id, id) on delete cascade,
  foreign key (account_id, operator_id) references operator (account_id, id) on delete cascade
);

create table bot (
  account_id uuid not null references account (id),
  id uuid not null,
  number bigint generated always as identity,
  name text not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (account_id, id),
  unique (account_id, number)
);

create table channel (
  account_id uuid not null references account (id),
  id uuid not null,
  number bigint not null default nextval('party_number'),
  kind text not null check (kind in ('webchat', 'custom_app', 'telegram', 'telegram_personal', 'whatsapp', 'email')),
  transport text not null check (transport in ('custom_app', 'sandbox')),
  name text not null,
  status text not null check (status in ('active', 'inactive', 'error', 'pending')),
  custom_app_id text,
  webhook_url text,
  widget_key text,
  secret_key text not null,
  sealed_token text,
  group_id uuid,
  default_bot_id uuid,
  metadata jsonb not null default '{}',
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (account_id, id),
  unique (account_id, number),
  unique (account_id, custom_app_id),
  unique (account_id, widget_key),
  foreign key (account_id, group_id) references operator_group (account_id, id),
  foreign key (account_id, default_bot_id) references bot (account_id, id)
);

create table contact (
  account_id uuid not null references account (id),
  id uuid not null,
  number bigint not null default nextval('party_number'),
  name text,
  custom_name text,
  phone text,
  email text,
  avatar_id uuid,
  extra_fields jsonb,
  tags text[],
  metadata jsonb not null default '{}',
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (account_id, id),
  unique (account_id, number),
  foreign key (account_id, avatar_id) references attachment (account_id, id)
);
create index contact_phone on contact (account_id, phone) where phone is not null;
create index contact_email on contact (account_id, email) where email is not null;

create table contact_identity (
  account_id uuid not null references account (id),
  id uuid not null,
  -- A contact's first identity shares its number.
  number bigint not null default nextval('party_number'),
  contact_id uuid not null,
  channel_id uuid not null,
  external_id text not null,
  nickname text,
  page_url text,
  page_title text,
  secret_key text not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (account_id, id),
  unique (account_id, number),
  unique (account_id, channel_id, external_id),
  foreign key (account_id, contact_id) references contact (account_id, id),
  foreign key (account_id, channel_id) references channel (account_id, id)
);
create index contact_identity_contact on contact_identity (account_id, contact_id);

create table conversation (
  account_id uuid not null references account (id),
  id uuid not null,
  number bigint generated always as identity,
  channel_id uuid not null,
  contact_id uuid not null,
  identity_id uuid not null,
  status text not null check (status in ('open', 'pending', 'snoozed', 'closed')),
  assignee_id uuid,
  assignee_bot_id uuid,
  assigned_at timestamptz,
  bot_id uuid,
  is_bot_active boolean not null,
  group_id uuid,
  episode_id uuid,
  priority text not null check (priority in ('low', 'normal', 'high', 'urgent')),
  tags text[] not null,
  metadata jsonb not null,
  unread_count integer not null,
  message_count integer not null,
  last_seq integer not null,
  last_micros bigint not null,
  last_message_id uuid,
  first_message_at timestamptz,
  last_message_at timestamptz,
  last_inbound_at timestamptz,
  is_waiting boolean not null,
  is_new boolean not null,
  is_operator_last boolean not null,
  is_note_last boolean not null,
  is_outgoing boolean not null,
  is_locked boolean not null,
  unassigned_at timestamptz,
  snoozed_until timestamptz,
  closed_at timestamptz,
  closed_by jsonb,
  closure_reason text,
  resolution text check (resolution in ('resolved', 'unresolved', 'spam')),
  reopened_at timestamptz,
  reopened_by jsonb,
  note text,
  flags jsonb not null,
  token text not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (account_id, id),
  unique (account_id, number),
  -- All correspondence with one contact on one channel is one conversation.
  unique (account_id, channel_id, contact_id),
  check (assignee_id is null or assignee_bot_id is null),
  foreign key (account_id, channel_id) references channel (account_id, id),
  foreign key (account_id, contact_id) references contact (account_id, id),
  foreign key (account_id, identity_id) references contact_identity (account_id, id),
  foreign key (account_id, group_id) references operator_group (account_id, id)
);
create index conversation_updated on conversation (account_id, updated_at desc, id desc);
create index conversation_created on conversation (account_id, created_at desc, id desc);
create index conversation_unassigned on conversation (account_id, updated_at desc, number desc)
  where status <> 'closed' and assignee_id is null;
create index conversation_unread on conversation (account_id, updated_at desc, number desc)
  where status <> 'closed' and assignee_id is not null and unread_count > 0;
create index conversation_unanswered on conversation (account_id, updated_at desc, number desc)
  where status <> 'closed' and assignee_id is not null and is_waiting;
create index conversation_assignee on conversation (account_id, assignee_id, updated_at desc)
  where assignee_id is not null;
create index conversation_contact on conversation (account_id, contact_id);
create index conversation_snoozed on conversation (account_id, snoozed_until) where status = 'snoozed';

create table episode (
  account_id uuid not null,
  id uuid not null,
  number bigint generated always as identity,
  conversation_id uuid not null,
  opened_at timestamptz not null,
  opened_by jsonb not null,
  after_seq integer not null,
  closed_at timestamptz,
  closed_by jsonb,
  closure_reason text,
  resolution text,
  primary key (account_id, id),
  unique (account_id, number),
  foreign key (account_id, conversation_id) references conversation (account_id, id)
);
create index episode_conversation on episode (account_id, conversation_id, opened_at);

create table review (
  account_id uuid not null,
  id uuid not null,
  number bigint generated always as identity,
  conversation_id uuid not null,
  message_id uuid not null,
  operator_id uuid,
  contact_id uuid not null,
  mark smallint not null check (mark between 0 and 5),
  text text not null,
  is_confirmed boolean not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (account_id, id),
  unique (account_id, number),
  foreign key (account_id, conversation_id) references conversation (account_id, id)
);

create table message (
  account_id uuid not null,
  id uuid not null,
  number bigint generated always as identity,
  conversation_id uuid not null,
  channel_id uuid not null,
  seq integer not null,
  kind text not null check (kind in ('text', 'image', 'file', 'audio', 'video', 'location', 'template', 'buttons', 'note', 'review', 'system')),
  direction text not null check (direction in ('inbound', 'outbound')),
  author_kind text not null check (author_kind in ('contact', 'operator', 'bot', 'system')),
  author_id uuid,
  text text not null,
  attachment_id uuid,
  details jsonb,
  status text not null check (status in ('pending', 'sent', 'delivered', 'read', 'failed')),
  error text,
  review_id uuid,
  client_id text,
  provider_message_id text,
  dispatch_number bigint,
  attempts smallint not null default 0,
  retry_at timestamptz,
  source_url text,
  is_echo boolean not null,
  is_echo_outgoing boolean not null,
  is_history boolean not null,
  send_to_crm boolean not null,
  metadata jsonb not null,
  micros bigint not null,
  occurred_at timestamptz not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  sent_at timestamptz,
  delivered_at timestamptz,
  read_at timestamptz,
  primary key (account_id, id),
  unique (account_id, number),
  unique (account_id, conversation_id, seq),
  foreign key (account_id, conversation_id) references conversation (account_id, id),
  foreign key (account_id, attachment_id) references attachment (account_id, id)
);
create unique index message_client on message (account_id, conversation_id, client_id) where client_id is not null;
create unique index message_provider on message (account_id, channel_id, provider_message_id)
  where provider_message_id is not null;
create unique index message_dispatch on message (account_id, dispatch_number) where dispatch_number is not null;
create index message_pending on message (account_id, conversation_id, seq) where status = 'pending';

create table message_status (
  account_id uuid not null,
  message_id uuid not null,
  status text not null,
  at timestamptz not null,
  error text,
  primary key (account_id, message_id, status),
  foreign key (account_id, message_id) references message (account_id, id)
);

-- Who is dispatching a conversation at the moment; a lease that ran out is nobody's.
create table dispatch_lease (
  account_id uuid not null,
  conversation_id uuid not null,
  holder text not null,
  until timestamptz not null,
  primary key (account_id, conversation_id)
);

-- Secrets that name their owner before any account is known. Only hashes are kept.
create table token (
  secret_hash bytea primary key,
  id uuid not null unique,
  account_id uuid not null references account (id),
  kind text not null check (kind in ('blinger_app', 'blinger_widget', 'pact', 'linktor', 'native')),
  name text not null,
  operator_id uuid not null,
  permissions text[] not null,
  created_at timestamptz not null,
  revoked_at timestamptz
);
create table channel_token (
  secret_hash bytea primary key,
  account_id uuid not null,
  channel_id uuid not null,
  foreign key (account_id, channel_id) references channel (account_id, id)
);

-- What happened, in the transaction that made it so. `transaction_id` lets a reader stop below what is still in flight.
create table event (
  account_id uuid not null,
  id bigint generated always as identity,
  type text not null,
  conversation_id uuid,
  data jsonb not null,
  is_silent boolean not null,
  transaction_id xid8 not null default pg_current_xact_id(),
  created_at timestamptz not null,
  primary key (account_id, id)
);
create index event_conversation on event (account_id, conversation_id, id) where conversation_id is not null;

-- Search: names and words by trigrams, never by scanning messages.
create index contact_name_words on contact using gin ((coalesce(custom_name, '') || ' ' || coalesce(name, '')) gin_trgm_ops);
create index message_words on message using gin (text gin_trgm_ops) where text <> '';
