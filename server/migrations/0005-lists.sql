-- Lists at a million conversations: totals counted as they change, the indexes that lists read, and a search that ends.

-- Lets a GIN index begin with the account.
create extension if not exists btree_gin;

-- How many conversations of each status a channel has: the sum over `slot`. Counted by the database, in the transaction that
-- makes it so. Nobody waits for anybody here: whoever counts takes a row that nobody holds, or adds one, so that there are as
-- many rows as there ever were counting at once.
create table conversation_count (
  account_id uuid not null references account (id),
  channel_id uuid not null,
  status text not null,
  slot bigint generated always as identity,
  count bigint not null,
  primary key (account_id, channel_id, status, slot)
);
-- A changed count stays in its page and touches no index.
alter table conversation_count set (fillfactor = 50);

create function count_conversations(of_account uuid, of_channel uuid, of_status text, change bigint) returns void
language plpgsql as $$
begin
  update conversation_count set count = count + change
   where (account_id, channel_id, status, slot) = (
     select account_id, channel_id, status, slot from conversation_count
      where account_id = of_account and channel_id = of_channel and status = of_status
      limit 1 for no key update skip locked);
  if not found then
    insert into conversation_count (account_id, channel_id, status, count)
    values (of_account, of_channel, of_status, change);
  end if;
end $$;

create function count_born_conversations() returns trigger language plpgsql as $$
begin
  perform count_conversations(account_id, channel_id, status, count(*)) from born
    group by account_id, channel_id, status;
  return null;
end $$;

create function count_gone_conversations() returns trigger language plpgsql as $$
begin
  perform count_conversations(account_id, channel_id, status, -count(*)) from gone
    group by account_id, channel_id, status;
  return null;
end $$;

create function count_moved_conversation() returns trigger language plpgsql as $$
begin
  perform count_conversations(old.account_id, old.channel_id, old.status, -1);
  perform count_conversations(new.account_id, new.channel_id, new.status, 1);
  return null;
end $$;

create trigger conversation_born after insert on conversation referencing new table as born
  for each statement execute function count_born_conversations();
create trigger conversation_gone after delete on conversation referencing old table as gone
  for each statement execute function count_gone_conversations();
-- A message leaves the status alone, and its statement does not come here.
create trigger conversation_moved after update of status on conversation for each row
  when (old.status is distinct from new.status) execute function count_moved_conversation();

-- Making the triggers holds writers off until the commit, so that what is there is counted exactly once.
insert into conversation_count (account_id, channel_id, status, count)
select account_id, channel_id, status, count(*) from conversation group by account_id, channel_id, status;

-- Each message moves its conversation in every index of it. Those that begin with what never changes are the dear ones: another
-- page each time. Those ordered by `updated_at` are cheap, because all new places are side by side. What stands behind the order
-- is there to be filtered by without a look at the row.
drop index conversation_updated, conversation_unassigned, conversation_unread, conversation_unanswered,
  conversation_assignee, conversation_contact;
create index conversation_status on conversation (account_id, status, updated_at desc, id desc, channel_id, created_at);
create index conversation_assignee on conversation (account_id, assignee_id, status, updated_at desc, id desc)
  where assignee_id is not null;
create index conversation_bot on conversation (account_id, bot_id, status, updated_at desc, id desc)
  where bot_id is not null;
create index conversation_unassigned on conversation (account_id, updated_at desc, id desc, group_id)
  where status <> 'closed' and assignee_id is null;
create index conversation_unread on conversation (account_id, updated_at desc, id desc, assignee_id, group_id)
  where status <> 'closed' and assignee_id is not null and unread_count > 0;
create index conversation_unanswered on conversation (account_id, updated_at desc, id desc, assignee_id, group_id)
  where status <> 'closed' and assignee_id is not null and is_waiting;

-- Messages lie in order of time, so a few words about each stretch of the table find those of the last day.
create index message_created on message using brin (account_id, created_at) with (pages_per_range = 32, autosummarize = on);

-- The words of a text, each behind the number of its slice: a run of 65,536 messages. New words fall together in one part of the
-- index, and a search goes from the newest slice back for as long as it wants more. Signs part words; where a
-- script writes no spaces, each of its letters is a word. Words end after 100 letters, texts after 8192.
-- One expression, so that the server takes it in place: as a body of its own it took twice as long.
create function search_words(slice bigint, said text) returns tsvector language sql immutable parallel safe as $$
  select array_to_tsvector(string_to_array(lpad(to_hex(slice), 6, '0') || replace(btrim(regexp_replace(
    case when octet_length(said) = length(said) and octet_length(said) < 1000 then lower(said)
    else regexp_replace(regexp_replace(lower(left(said, 8192)), '([[:alnum:]]{100})[[:alnum:]]+', '\1', 'g'),
      '([\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u9fff\uf900-\ufaff\U00020000-\U0003ffff])', ' \1 ', 'g') end,
    '[^[:alnum:]]+', ' ', 'g')), ' ', ' ' || lpad(to_hex(slice), 6, '0')), ' '))
$$;

-- What to look for in a slice, whose number is to stand for each `#`: at most four of the asked words, the longest; the last one
-- asked may be unfinished when it has three letters. Null when there is no word in it. The words are made as above.
create function search_template(asked text) returns text language sql immutable parallel safe as $$
  select string_agg(quote_literal('#' || word) || ending, ' & ') from (
    select word, case when length(word) >= 100 or (place = count(*) over () and length(word) > 2) then ':*' else '' end as ending
      from unnest(string_to_array(btrim(regexp_replace(
        regexp_replace(regexp_replace(lower(left(asked, 8192)), '([[:alnum:]]{100})[[:alnum:]]+', '\1', 'g'),
          '([\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u9fff\uf900-\ufaff\U00020000-\U0003ffff])', ' \1 ', 'g'),
        '[^[:alnum:]]+', ' ', 'g')), ' ')) with ordinality as words(word, place)
     order by length(word) desc, place limit 4) as longest
$$;

-- A short pending list is worked off in milliseconds by whoever fills it; the usual 4 MB made a send wait for half a second.
drop index message_words;
create index message_words on message using gin (account_id, search_words(number >> 16, text))
  with (gin_pending_list_limit = 256) where text <> '' and kind not in ('note', 'system');
drop index contact_name_words;
create index contact_name_words on contact
  using gin (account_id, (coalesce(custom_name, '') || ' ' || coalesce(name, '')) gin_trgm_ops);
