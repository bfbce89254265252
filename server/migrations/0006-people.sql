-- People: roles and what they may see, invitations, second factors, lockouts, tokens that end, and the audit log.

-- What the house calls an operator is an operator here too. `custom` takes its permissions from a role of the account's own.
alter table operator drop constraint operator_role_check;
update operator set role = 'operator' where role = 'agent';
alter table operator add constraint operator_role_check
  check (role in ('owner', 'admin', 'supervisor', 'operator', 'viewer', 'custom'));

create table role (
  account_id uuid not null references account (id),
  id uuid not null,
  name text not null,
  permissions text[] not null,
  scope text not null check (scope in ('own', 'groups', 'all')),
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (account_id, id),
  unique (account_id, name)
);

-- `scope` null: the role's own.
alter table operator add column role_id uuid, add column scope text check (scope in ('own', 'groups', 'all'));
alter table operator add foreign key (account_id, role_id) references role (account_id, id);
alter table operator add constraint operator_custom_role check ((role = 'custom') = (role_id is not null));
-- One person is one operator in an account, and may be one in several.
create unique index operator_person on operator (account_id, person_id) where person_id is not null;
create index operator_of_person on operator (person_id) where person_id is not null;

-- A token ends by itself when it is told to. `scopes` are the words its dialect gave it, `rate_limit` its requests a minute.
alter table token add column scopes text[], add column expires_at timestamptz, add column last_used_at timestamptz,
  add column rate_limit integer check (rate_limit > 0);
create index token_of_account on token (account_id, created_at desc, id desc) where revoked_at is null;
-- Tokens that could do everything still can.
update token set permissions = permissions || array['contact.delete', 'contact.export', 'channel.write', 'group.write', 'role.write',
    'bot.read', 'bot.write', 'account.write', 'token.read', 'audit.read']
 where permissions @> array['conversation.write', 'message.write', 'operator.write', 'token.write', 'event.read'];

-- Who was asked to join. The link carries the secret; only its hash is here.
create table invitation (
  account_id uuid not null references account (id),
  id uuid not null,
  email text not null,
  name text,
  role text not null check (role in ('admin', 'supervisor', 'operator', 'viewer', 'custom')),
  role_id uuid,
  scope text check (scope in ('own', 'groups', 'all')),
  group_ids uuid[] not null,
  secret_hash bytea not null,
  invited_by uuid,
  expires_at timestamptz not null,
  accepted_at timestamptz,
  revoked_at timestamptz,
  created_at timestamptz not null,
  primary key (account_id, id),
  foreign key (account_id, role_id) references role (account_id, id)
);

alter table person add column two_factor_enabled boolean not null default false;
create table person_second_factor (
  id text primary key,
  user_id text not null unique references person (id) on delete cascade,
  secret text not null,
  backup_codes text not null,
  verified boolean not null default true,
  failed_verification_count integer not null default 0,
  locked_until timestamptz
);

-- What a machine client holds for a session: each refresh token works once, and a second use ends the session.
create table refresh_token (
  secret_hash bytea primary key,
  session_id text not null references person_session (id) on delete cascade,
  used_at timestamptz,
  expires_at timestamptz not null,
  created_at timestamptz not null
);
create index refresh_token_session on refresh_token (session_id);

-- Failed sign-ins by person and by address, under a hash of either: nobody's address is kept in clear.
create table sign_in_failure (
  name bytea primary key,
  failures integer not null,
  began_at timestamptz not null,
  locked_until timestamptz
);

-- The one-time link to the first account: a hash, until it is used.
alter table installation add column setup_hash bytea;

-- Who did what to what, from where, when. Only ever added to.
create table audit_entry (
  account_id uuid not null references account (id),
  id bigint generated always as identity,
  action text not null,
  actor_kind text not null,
  actor_id uuid,
  operator_id uuid,
  target_kind text,
  target_id text,
  address text,
  facts jsonb not null,
  created_at timestamptz not null,
  primary key (account_id, id)
);
create index audit_entry_action on audit_entry (account_id, action, id desc);
create index audit_entry_operator on audit_entry (account_id, operator_id, id desc) where operator_id is not null;
create index audit_entry_target on audit_entry (account_id, target_kind, target_id, id desc);

create function refuse_change_of_audit() returns trigger language plpgsql as $$
begin
  raise exception 'the audit log is only ever added to' using errcode = 'insufficient_privilege';
end $$;
create trigger audit_entry_is_kept before update or delete or truncate on audit_entry
  for each statement execute function refuse_change_of_audit();

-- How long a channel keeps messages; null keeps them.
alter table channel add column retention_days integer check (retention_days > 0);
