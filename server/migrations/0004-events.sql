-- The event log becomes a thing to read: its order is (transaction_id, id), below what is still in flight.

create index event_order on event (account_id, transaction_id, id);

-- Only who had a conversation is read by conversation; the condition is that query's, word for word.
drop index event_conversation;
create index event_conversation on event (account_id, conversation_id, id)
  where type in ('conversation.assigned', 'conversation.transferred');

-- Which database this is, one row. A dump restored elsewhere finds another identity, and begins another epoch of the log.
create table installation (
  is_only boolean primary key default true check (is_only),
  identity text not null,
  epoch uuid not null
);

-- How far an account's log was deleted: what a cursor must not be older than.
create table event_retention (
  account_id uuid primary key references account (id),
  through_transaction_id xid8 not null,
  through_id bigint not null
);

-- Who may read all that events tell of may read the events.
update token set permissions = array_append(permissions, 'event.read')
 where kind = 'native' and not permissions @> '{event.read}'
   and permissions @> '{conversation.read,message.read,contact.read,channel.read,operator.read}';
