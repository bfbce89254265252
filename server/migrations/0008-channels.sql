-- Channels and bots that were taken out of the account: their conversations keep them, nobody else finds them.
alter table channel add column removed_at timestamptz;
alter table bot add column removed_at timestamptz;
