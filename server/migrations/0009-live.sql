-- Live chat: what a web chat is, who visits, and how far both sides have read.

alter table channel drop constraint channel_transport_check;
alter table channel add constraint channel_transport_check check (transport in ('custom_app', 'sandbox', 'webchat'));
-- What the widget shows and whom it lets in; null where there is none.
alter table channel add column widget jsonb;
update channel set transport = 'webchat', widget = '{}' where kind = 'webchat';

-- Which channel a public widget key names: asked before any account is known.
create table widget_key (
  key text primary key,
  account_id uuid not null,
  channel_id uuid not null,
  foreign key (account_id, channel_id) references channel (account_id, id)
);
insert into widget_key (key, account_id, channel_id)
  select widget_key, account_id, id from channel where widget_key is not null and removed_at is null;
create index widget_key_of_channel on widget_key (account_id, channel_id);

-- One browser. Its token is the visitor's credential; the channel knows the visitor by `external_id`.
create table visitor_session (
  secret_hash bytea primary key,
  account_id uuid not null,
  channel_id uuid not null,
  id uuid not null,
  external_id text not null,
  is_verified boolean not null,
  -- Facts that were proven before there was a contact to keep them.
  facts jsonb not null,
  page_url text,
  page_title text,
  language text,
  created_at timestamptz not null,
  seen_at timestamptz not null,
  foreign key (account_id, channel_id) references channel (account_id, id)
);
create index visitor_session_of_visitor on visitor_session (account_id, channel_id, external_id);
create index visitor_session_seen on visitor_session (seen_at);

alter table contact_identity add column is_verified boolean not null default false;

-- The last entry each side has: the contact was shown it, the contact has read it, somebody of ours has.
alter table conversation add column contact_received_seq integer not null default 0,
  add column contact_read_seq integer not null default 0, add column operator_read_seq integer not null default 0;
