-- migrate:up
-- The fold rewrites post rows several times a second: room in each page keeps those updates off the indexes.
create table post (
  id uuid primary key,
  author_id uuid not null,
  caption text not null,
  media_ids uuid[] not null,
  hashtags text[] not null,
  location text,
  comments_disabled boolean not null,
  claim_id uuid not null,
  like_count integer not null default 0,
  comment_count integer not null default 0,
  created_at timestamptz(3) not null,
  deleted_at timestamptz(3)
) with (fillfactor = 85);
create unique index post_claim on post (claim_id);
create index post_by_author on post (author_id, created_at desc, id desc) where deleted_at is null;

-- No foreign key: it would write a share lock into the row of a popular post for every like. Posts are never removed.
create table post_like (
  post_id uuid not null,
  user_id uuid not null,
  created_at timestamptz(3) not null,
  primary key (post_id, user_id)
);
create index post_like_newest on post_like (post_id, created_at desc, user_id desc);

create table comment (
  id uuid primary key,
  post_id uuid not null,
  author_id uuid not null,
  text text not null,
  created_at timestamptz(3) not null,
  deleted_at timestamptz(3)
);
create index comment_newest on comment (post_id, created_at desc, id desc) where deleted_at is null;

-- Orders the changes of one edge; gaps mean nothing.
create sequence edge_version;

create table post_counter_delta (
  id bigint primary key generated always as identity,
  post_id uuid not null,
  likes integer not null,
  comments integer not null
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000, vacuum_truncate = off);
create index post_counter_delta_post on post_counter_delta (post_id);

create table author_counter (
  author_id uuid primary key,
  post_count integer not null default 0
) with (fillfactor = 85);

create table author_counter_delta (
  id bigint primary key generated always as identity,
  author_id uuid not null,
  posts integer not null
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000, vacuum_truncate = off);
create index author_counter_delta_author on author_counter_delta (author_id);

-- Deltas come and go within a second. A plan that is made and kept while such a table has no pages scans the whole table for
-- every post, also once it is long; with some pages that stay it is an index scan from the first day.
insert into post_counter_delta (post_id, likes, comments) select gen_random_uuid(), 0, 0 from generate_series(1, 5000);
delete from post_counter_delta;
insert into author_counter_delta (author_id, posts) select gen_random_uuid(), 0 from generate_series(1, 5000);
delete from author_counter_delta;

-- migrate:down
drop table author_counter_delta;
drop table author_counter;
drop table post_counter_delta;
drop sequence edge_version;
drop table comment;
drop table post_like;
drop table post;
