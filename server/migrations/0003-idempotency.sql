-- What requests that carried an Idempotency-Key were answered. The row is claimed before the request is run, under a
-- lease; the answer, sealed, replaces the lease. `status` null: running, or given up by a process that died.
create table kept_answer (
  account_id uuid not null,
  -- SHA-256 of operation and key: neither is short enough for an index.
  name bytea not null,
  fingerprint bytea not null,
  holder text,
  leased_until timestamptz,
  status smallint,
  headers jsonb,
  sealed_body text,
  begun_at timestamptz not null,
  kept_until timestamptz not null,
  primary key (account_id, name)
);
create index kept_answer_expiry on kept_answer (account_id, kept_until);
