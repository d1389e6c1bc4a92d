-- migrate:up
create table profile (
  id uuid primary key,
  username text not null,
  display_name text not null default '',
  bio text not null default '',
  avatar_media_id uuid,
  created_at timestamptz(3) not null default now()
);
-- Names are ASCII: folding them by the C locale gives the same answer whatever locale the database was made with.
create unique index profile_username_key on profile (lower(username collate "C"));
create index profile_avatar on profile (avatar_media_id) where avatar_media_id is not null;

create table follow (
  follower_id uuid not null references profile (id),
  followee_id uuid not null references profile (id),
  created_at timestamptz(3) not null,
  primary key (follower_id, followee_id)
);
create index follow_fan_out on follow (followee_id, follower_id);
create index follow_followers_newest on follow (followee_id, created_at desc, follower_id desc);
create index follow_following_newest on follow (follower_id, created_at desc, followee_id desc);

-- Orders the changes of one edge; gaps mean nothing.
create sequence edge_version;

create table follow_count (
  user_id uuid primary key references profile (id),
  follower_count bigint not null default 0,
  following_count bigint not null default 0
);

create table follow_count_delta (
  id bigint primary key generated always as identity,
  user_id uuid not null,
  followers integer not null,
  following integer not null
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000, vacuum_truncate = off);
create index follow_count_delta_user on follow_count_delta (user_id);

-- A plan that is made while the table has no pages reads all of it for ever: a few pages that stay keep the index in use.
insert into follow_count_delta (user_id, followers, following) select gen_random_uuid(), 0, 0 from generate_series(1, 5000);
delete from follow_count_delta;

-- migrate:down
drop table follow_count_delta;
drop table follow_count;
drop sequence edge_version;
drop table follow;
drop table profile;
