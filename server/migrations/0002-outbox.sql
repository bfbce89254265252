-- Messages that wait for their transport have a small table of their own. As a state of the message row they cost every index
-- of that row a second entry; now a status moves without touching any index, in the page it is in (hence the fill factors).
create table outbox (
  account_id uuid not null,
  conversation_id uuid not null,
  seq integer not null,
  message_id uuid not null,
  attempts smallint not null default 0,
  retry_at timestamptz,
  -- Who dispatches it, and until when nobody else may. Only the head of a conversation is ever leased.
  holder text,
  leased_until timestamptz,
  created_at timestamptz not null,
  primary key (account_id, conversation_id, seq)
);
-- Rows live for moments: emptied pages must be found again soon.
alter table outbox set (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000);

insert into outbox (account_id, conversation_id, seq, message_id, attempts, retry_at, created_at)
select account_id, conversation_id, seq, id, attempts, retry_at, created_at from message where status = 'pending';

drop index message_pending;
alter table message drop column attempts, drop column retry_at;
alter table message set (fillfactor = 85);
alter table conversation set (fillfactor = 85);
drop table dispatch_lease;

-- What it told is told by the message's own times and by the event log.
drop table message_status;

-- What makes the small things kept in memory stale: changes of an account itself, told in the log.
create index event_account on event (account_id, transaction_id)
  where conversation_id is null and left(type, 8) <> 'contact.';
