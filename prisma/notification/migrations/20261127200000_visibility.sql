-- migrate:up
-- How users see each other, as the user service says it: one row for each ordered pair, the highest version wins.
create table relation (
  viewer_id uuid not null,
  author_id uuid not null,
  version bigint not null,
  follows boolean not null,
  close_friend boolean not null,
  blocked boolean not null,
  posts_muted_until timestamptz(3),
  notifications_muted_until timestamptz(3),
  primary key (viewer_id, author_id)
) with (vacuum_truncate = off);
-- The erasure of an account finds its rows by this.
create index relation_by_author on relation (author_id);
-- As with hidden_account: with some pages that stay, the table is looked up by its key from the first day.
insert into relation (viewer_id, author_id, version, follows, close_friend, blocked)
  select gen_random_uuid(), gen_random_uuid(), 0, false, false, false from generate_series(1, 5000);
delete from relation;

-- The table is named for what it had first: a version of the service that still runs reads it.
alter table hidden_account add column is_private boolean not null default false;

-- As in the database of posts: whether something may be written of somebody; their erasure waits until the transaction that asks has
-- ended. The look at erased_user needs a snapshot that is not older than the lock.
create function may_write(person uuid) returns boolean language plpgsql volatile as $$
begin
  perform pg_advisory_xact_lock_shared(hashtextextended('actor:' || person, 0));
  return not exists (select from erased_user where user_id = person);
end $$;

-- migrate:down
drop function may_write;
alter table hidden_account drop column is_private;
drop table relation;
