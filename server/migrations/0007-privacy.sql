-- Tags in use, and what it takes to forget: a contact with everything of it, or what is older than a channel keeps.

-- Which conversations have a tag. Kept by the database, in the transaction that changes tags: a send changes none and does not come
-- here. Longer tags than fit into a row of an index are nobody's to be found by. In the order of bytes, so that a prefix is a range.
create table conversation_tag (
  account_id uuid not null,
  tag text collate "C" not null,
  conversation_id uuid not null,
  primary key (account_id, tag, conversation_id)
);

create function keep_born_tags() returns trigger language plpgsql as $$
begin
  insert into conversation_tag (account_id, tag, conversation_id)
  select account_id, tag, id from born cross join unnest(tags) as tag where octet_length(tag) between 1 and 1024
  on conflict do nothing;
  return null;
end $$;

create function drop_gone_tags() returns trigger language plpgsql as $$
begin
  delete from conversation_tag t using (select account_id, id, unnest(tags) as tag from gone) g
   where t.account_id = g.account_id and t.tag = g.tag and t.conversation_id = g.id;
  return null;
end $$;

create function change_tags() returns trigger language plpgsql as $$
begin
  delete from conversation_tag where account_id = old.account_id and tag = any(old.tags) and conversation_id = old.id;
  insert into conversation_tag (account_id, tag, conversation_id)
  select new.account_id, tag, new.id from unnest(new.tags) as tag where octet_length(tag) between 1 and 1024
  on conflict do nothing;
  return null;
end $$;

create trigger conversation_born_tagged after insert on conversation referencing new table as born
  for each statement execute function keep_born_tags();
create trigger conversation_gone_tagged after delete on conversation referencing old table as gone
  for each statement execute function drop_gone_tags();
create trigger conversation_tagged after update of tags on conversation for each row
  when (old.tags is distinct from new.tags) execute function change_tags();

-- Making the triggers holds writers off until the commit, so that no tag is missed.
insert into conversation_tag (account_id, tag, conversation_id)
select account_id, tag, id from conversation cross join unnest(tags) as tag where octet_length(tag) between 1 and 1024
on conflict do nothing;

-- Groups and who has a conversation stand behind the order too, so that lists of a group, and of those who see only some, need not
-- look at rows.
drop index conversation_status;
create index conversation_status
  on conversation (account_id, status, updated_at desc, id desc, channel_id, created_at, group_id, assignee_id);

-- A contact that goes has the database look for conversations that name it. Another index of conversations would cost every message;
-- the unique key of channel and contact finds them when the reference has these columns too.
alter table contact_identity add unique (account_id, channel_id, contact_id, id);
alter table conversation
  drop constraint conversation_account_id_contact_id_fkey,
  drop constraint conversation_account_id_identity_id_fkey,
  add foreign key (account_id, channel_id, contact_id, identity_id)
    references contact_identity (account_id, channel_id, contact_id, id);

-- What goes with a conversation, a message or a contact is found by these.
create index attachment_conversation on attachment (account_id, conversation_id) where conversation_id is not null;
create index attachment_digest on attachment (account_id, digest);
create index message_attachment on message (account_id, attachment_id) where attachment_id is not null;
create index contact_avatar on contact (account_id, avatar_id) where avatar_id is not null;
create index review_conversation on review (account_id, conversation_id);
create index event_contact on event (account_id, (data ->> 'contactId')) where left(type, 8) = 'contact.';
-- Every event of a conversation: a few words about each stretch of the log, next to free for whoever writes it.
create index event_talk on event using brin (account_id, conversation_id uuid_bloom_ops (n_distinct_per_range = 1000))
  with (pages_per_range = 32, autosummarize = on);

-- How far a channel's old messages are gone: the number of the last message of the account that was looked at for it.
create table message_retention (
  account_id uuid not null,
  channel_id uuid not null,
  through_number bigint not null,
  primary key (account_id, channel_id),
  foreign key (account_id, channel_id) references channel (account_id, id) on delete cascade
);
