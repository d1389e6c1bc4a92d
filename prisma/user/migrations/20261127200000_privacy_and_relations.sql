-- migrate:up
alter table profile
  add column is_private boolean not null default false,
  -- It went public while people waited: their requests are accepted in batches until none is left.
  add column accepts_all boolean not null default false;
create index profile_accepts_all on profile (id) where accepts_all;

-- Not valid: a scan of all follows would hold up every other one, and no service has ever written such a row.
alter table follow add check (follower_id <> followee_id) not valid;

create table follow_request (
  follower_id uuid not null references profile (id),
  followee_id uuid not null references profile (id),
  created_at timestamptz(3) not null,
  primary key (follower_id, followee_id),
  check (follower_id <> followee_id)
);
create index follow_request_received_newest on follow_request (followee_id, created_at desc, follower_id desc);
create index follow_request_sent_newest on follow_request (follower_id, created_at desc, followee_id desc);

create table block (
  blocker_id uuid not null references profile (id),
  blocked_id uuid not null references profile (id),
  created_at timestamptz(3) not null,
  primary key (blocker_id, blocked_id),
  check (blocker_id <> blocked_id)
);
create index block_newest on block (blocker_id, created_at desc, blocked_id desc);
create index block_blocked on block (blocked_id, blocker_id);

create table mute (
  muter_id uuid not null references profile (id),
  muted_id uuid not null references profile (id),
  -- Null where that is not muted.
  posts_until timestamptz(3),
  notifications_until timestamptz(3),
  created_at timestamptz(3) not null,
  primary key (muter_id, muted_id),
  check (muter_id <> muted_id)
);
create index mute_newest on mute (muter_id, created_at desc, muted_id desc);
create index mute_muted on mute (muted_id, muter_id);
-- The latest of both ends, for the purge of mutes that are over.
create index mute_ended on mute (greatest(posts_until, notifications_until));

create table close_friend (
  user_id uuid not null references profile (id),
  friend_id uuid not null references profile (id),
  created_at timestamptz(3) not null,
  primary key (user_id, friend_id),
  check (user_id <> friend_id)
);
create index close_friend_newest on close_friend (user_id, created_at desc, friend_id desc);
create index close_friend_friend on close_friend (friend_id, user_id);

-- The replicas of other services learn of the follows that there are already. Ids of version 4 come behind the events of now.
insert into outbox (id, subject, payload)
select gen_random_uuid(), 'evt.user.relation.changed', jsonb_build_object(
  'viewerId', follower_id, 'authorId', followee_id, 'version', nextval('edge_version'), 'follows', true,
  'closeFriend', false, 'blocked', false, 'postsMutedUntil', null, 'notificationsMutedUntil', null)
from follow;

-- migrate:down
drop table close_friend;
drop table mute;
drop table block;
drop table follow_request;
alter table follow drop constraint follow_check;
alter table profile drop column accepts_all, drop column is_private;
