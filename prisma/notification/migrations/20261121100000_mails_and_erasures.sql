-- migrate:up
-- A mail waits until it has an outcome; then only what it was and how it ended is kept: address and values are secrets.
-- Whoever sends a mail moves due_at behind the time that the sending may take, so that a mail of a process that died is due again.
create table mail (
  id uuid primary key,
  template text not null,
  recipient text,
  content jsonb,
  tries integer not null default 0,
  created_at timestamptz(3) not null default now(),
  useful_until timestamptz(3) not null,
  due_at timestamptz(3),
  outcome text check (outcome in ('SENT', 'REFUSED', 'EXPIRED')),
  ended_at timestamptz(3),
  check (outcome is not null or (recipient is not null and content is not null and due_at is not null and ended_at is null)),
  check (outcome is null or (recipient is null and content is null and due_at is null and ended_at is not null))
) with (fillfactor = 80);
create index mail_due on mail (due_at) where outcome is null;
create index mail_waiting on mail (created_at) where outcome is null;
create index mail_ended on mail (created_at) where outcome is not null;

-- People whose account is deleted: what arrives late of them must not bring anything back. Until done_at something is left to erase.
create table erased_user (
  user_id uuid primary key,
  erased_at timestamptz(3) not null default now(),
  due_at timestamptz(3) not null default now(),
  done_at timestamptz(3)
);
create index erased_user_due on erased_user (due_at) where done_at is null;
create index erased_user_erased on erased_user (erased_at);

create index notification_of_actor on notification (actor_id);

-- migrate:down
drop index notification_of_actor;
drop table erased_user;
drop table mail;
