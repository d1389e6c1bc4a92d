-- migrate:up
-- Accounts whose likes, comments and follows nobody is notified of now. The version is that of the account: late news never undo
-- newer ones.
create table hidden_account (
  user_id uuid primary key,
  version bigint not null,
  hidden boolean not null
) with (vacuum_truncate = off);
-- As in the database of posts: with some pages that stay, the table is looked up by its key from the first day.
insert into hidden_account (user_id, version, hidden) select gen_random_uuid(), 0, false from generate_series(1, 5000);
delete from hidden_account;

-- migrate:down
drop table hidden_account;
