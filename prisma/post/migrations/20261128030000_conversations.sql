-- migrate:up
-- A reply names the comment that it answers, and the top comment that it hangs under: conversations have two levels. A deleted comment
-- under which others still speak stays as a placeholder, without its text.
alter table comment
  add column parent_id uuid,
  add column top_id uuid,
  add column placeholder boolean not null default false,
  add column edited_at timestamptz(3),
  add column like_count integer not null default 0,
  add column reply_count integer not null default 0;
alter table comment set (fillfactor = 85);
create index comment_top_newest on comment (post_id, created_at desc, id desc)
  where top_id is null and (deleted_at is null or placeholder);
create index comment_top_liked on comment (post_id, like_count desc, id desc)
  where top_id is null and (deleted_at is null or placeholder);
create index comment_reply on comment (top_id, created_at, id) where top_id is not null and (deleted_at is null or placeholder);
create index comment_answer on comment (parent_id) where parent_id is not null and deleted_at is null;

create table comment_like (
  comment_id uuid not null,
  user_id uuid not null,
  post_id uuid not null,
  created_at timestamptz(3) not null,
  primary key (comment_id, user_id)
) with (vacuum_truncate = off);
create index comment_like_newest on comment_like (comment_id, created_at desc, user_id desc);
create index comment_like_by_user on comment_like (user_id);
create index comment_like_post on comment_like (post_id);
-- As with reported_content: with some pages that stay, the table is looked up by its key from the first day.
insert into comment_like (comment_id, user_id, post_id, created_at)
  select gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), now() from generate_series(1, 5000);
delete from comment_like;

create table comment_counter_delta (
  id bigint primary key generated always as identity,
  comment_id uuid not null,
  likes integer not null,
  replies integer not null
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000, vacuum_truncate = off);
create index comment_counter_delta_comment on comment_counter_delta (comment_id);
-- As with post_counter_delta: with some pages that stay, it is an index scan from the first day.
insert into comment_counter_delta (comment_id, likes, replies) select gen_random_uuid(), 0, 0 from generate_series(1, 5000);
delete from comment_counter_delta;

alter table post add column pinned_comment_id uuid;

-- migrate:down
alter table post drop column pinned_comment_id;
drop table comment_counter_delta;
drop table comment_like;
drop index comment_answer;
drop index comment_reply;
drop index comment_top_liked;
drop index comment_top_newest;
alter table comment reset (fillfactor);
alter table comment
  drop column parent_id, drop column top_id, drop column placeholder, drop column edited_at,
  drop column like_count, drop column reply_count;
