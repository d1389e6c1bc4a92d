-- migrate:up
-- What users have saved, for themselves alone.
create table saved_post (
  user_id uuid not null,
  post_id uuid not null,
  created_at timestamptz(3) not null,
  primary key (user_id, post_id)
) with (vacuum_truncate = off);
create index saved_post_newest on saved_post (user_id, created_at desc, post_id desc);
create index saved_post_post on saved_post (post_id);
-- As with relation: with some pages that stay, the table is looked up by its key from the first day.
insert into saved_post (user_id, post_id, created_at) select gen_random_uuid(), gen_random_uuid(), now() from generate_series(1, 5000);
delete from saved_post;

create table collection (
  id uuid primary key,
  owner_id uuid not null,
  name text not null,
  created_at timestamptz(3) not null
);
create index collection_newest on collection (owner_id, created_at desc, id desc);

-- What a user has put into a collection is saved, too. The owner is that of the collection.
create table collection_post (
  collection_id uuid not null,
  post_id uuid not null,
  owner_id uuid not null,
  created_at timestamptz(3) not null,
  primary key (collection_id, post_id)
) with (vacuum_truncate = off);
create index collection_post_newest on collection_post (collection_id, created_at desc, post_id desc);
create index collection_post_owner on collection_post (owner_id, post_id);
create index collection_post_post on collection_post (post_id);
insert into collection_post (collection_id, post_id, owner_id, created_at)
  select gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), now() from generate_series(1, 5000);
delete from collection_post;

alter table post add column save_count integer not null default 0;
alter table post_counter_delta add column saves integer not null default 0;

-- migrate:down
alter table post_counter_delta drop column saves;
alter table post drop column save_count;
drop table collection_post;
drop table collection;
drop table saved_post;
