-- migrate:up
-- Sessions that have ended while their access tokens may still be good. It is the record that every gateway process starts from;
-- a row is purged when no token of its session can be good any more.
create table session_revocation (
  handle text primary key,
  revoked_at timestamptz(3) not null
);
create index session_revocation_revoked on session_revocation (revoked_at, handle);

-- When passwords were changed lately: a sign-in by the former one may still be under way.
create table password_change (
  user_id uuid primary key,
  changed_at timestamptz(3) not null
);
create index password_change_changed on password_change (changed_at);

-- migrate:down
drop table password_change;
drop table session_revocation;
