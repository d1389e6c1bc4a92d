-- migrate:up
-- Whose posts, comments and likes are not shown. The version is that of the account: late news never undo newer ones.
create table hidden_account (
  user_id uuid primary key,
  version bigint not null,
  hidden boolean not null
) with (vacuum_truncate = off);
-- A table of one page is scanned for every post of a page, until it is long and the plan a new one. With some pages that stay it is
-- looked up by its key from the first day.
insert into hidden_account (user_id, version, hidden) select gen_random_uuid(), 0, false from generate_series(1, 5000);
delete from hidden_account;

-- One row per deleted account, for good: nothing is written in its name any more.
create table erased_user (
  user_id uuid primary key,
  requested_at timestamptz(3) not null default now(),
  -- When nothing of the person was left, and when the user service had been told.
  erased_at timestamptz(3),
  reported_at timestamptz(3)
);
create index erased_user_open on erased_user (requested_at) where reported_at is null;

-- Whether somebody may write something; their deletion waits until the transaction that asks has ended. Volatile, and no plain SQL in
-- the writing statement: the look at erased_user needs a snapshot that is not older than the lock.
create function may_write(person uuid) returns boolean language plpgsql volatile as $$
begin
  perform pg_advisory_xact_lock_shared(hashtextextended('person:' || person, 0));
  return not exists (select from erased_user where user_id = person);
end $$;

-- An erasure removes rows that nothing else ever removes: it finds them by these.
create index post_deleted_by_author on post (author_id) where deleted_at is not null;
create index post_like_by_user on post_like (user_id);
create index comment_by_author on comment (author_id);
create index comment_deleted on comment (post_id) where deleted_at is not null;

-- migrate:down
drop index comment_deleted;
drop index comment_by_author;
drop index post_like_by_user;
drop index post_deleted_by_author;
drop function may_write;
drop table erased_user;
drop table hidden_account;
