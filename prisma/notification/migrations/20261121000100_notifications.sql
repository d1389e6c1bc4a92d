-- migrate:up
-- Whoever was notified of something. The numbers of a recipient's notifications are drawn here, in the transaction that shows them.
create table recipient (
  id uuid primary key,
  last_sequence bigint not null default 0,
  read_through bigint not null default 0,
  purged_through bigint not null default 0
) with (fillfactor = 70);

-- One row per edge (a like, a comment, a follow), whether the edge is there now or not. A row gets its number when it is shown for
-- the first time and keeps it: one that was never shown has none.
create table notification (
  id uuid primary key,
  recipient_id uuid not null,
  kind text not null check (kind in ('LIKE', 'COMMENT', 'FOLLOW')),
  actor_id uuid not null,
  subject_id uuid not null,
  post_id uuid,
  version bigint not null,
  active boolean not null,
  sequence bigint,
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,
  check (sequence is not null or not active)
);
create unique index notification_edge on notification (recipient_id, kind, actor_id, subject_id);
-- Holds what is shown and nothing else: a page costs the same however much was taken back.
create unique index notification_place on notification (recipient_id, sequence) where active;
create index notification_of_post on notification (post_id) where active;
create index notification_created on notification (created_at);

-- Posts that are gone: a like that arrives after its post was deleted must not bring anything back.
create table deleted_post (
  post_id uuid primary key,
  deleted_at timestamptz(3) not null
);
create index deleted_post_deleted on deleted_post (deleted_at);

-- migrate:down
drop table deleted_post;
drop table notification;
drop table recipient;
