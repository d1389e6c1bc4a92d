-- migrate:up
-- What posts pass on: what is said about a repost is shown to whoever sees the original, too.
create table repost (
  post_id uuid primary key,
  reposter_id uuid not null,
  original_id uuid not null,
  author_id uuid not null
) with (vacuum_truncate = off);
create index repost_by_author on repost (author_id);
create index repost_by_reposter on repost (reposter_id);
-- As with hidden_account: with some pages that stay, the table is looked up by its key from the first day.
insert into repost (post_id, reposter_id, original_id, author_id)
select gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), gen_random_uuid() from generate_series(1, 5000);
delete from repost;

-- migrate:down
drop table repost;
