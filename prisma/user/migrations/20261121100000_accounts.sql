-- migrate:up
alter table profile
  add column role text not null default 'USER',
  add column status text not null default 'ACTIVE',
  add column suspended_until timestamptz(3),
  add column status_reason text,
  add column status_changed_at timestamptz(3),
  -- Its owner has put it to sleep: the end of a suspension or a ban does not wake it up.
  add column dormant boolean not null default false,
  -- Orders the changes of role and status, so that a late event never undoes a newer one.
  add column account_version bigint not null default 0;
create index profile_barred on profile (status_changed_at, id) where status <> 'ACTIVE';
create index profile_suspended on profile (suspended_until) where status = 'SUSPENDED';

-- Names that look alike are one name: a capital I and 1 look like l, 0 looks like o, rn like m, vv like w.
create unique index profile_username_looks on profile
  (replace(replace(translate(lower(translate(username, 'I', 'l') collate "C"), '01', 'ol'), 'rn', 'm'), 'vv', 'w'));

-- The names of deleted accounts, by both foldings, until they are free again.
create table released_username (
  folded text primary key,
  looks text not null,
  free_at timestamptz(3) not null
);
create index released_username_looks on released_username (looks);
create index released_username_free on released_username (free_at);

-- What moderators and administrators did to accounts; kept when the account is erased.
create table account_action (
  id uuid primary key,
  moderator_id uuid not null,
  user_id uuid not null,
  action text not null,
  reason text not null,
  until timestamptz(3),
  created_at timestamptz(3) not null default now()
);
create index account_action_user on account_action (user_id, created_at desc);

-- One row per deleted account, for good: an id that was deleted never comes back.
create table erasure (
  id uuid primary key,
  user_id uuid not null unique,
  -- The account's last version, which is needed after its profile is gone.
  account_version bigint not null default 0,
  requested_at timestamptz(3) not null default now(),
  -- When the other services were told of it last.
  announced_at timestamptz(3) not null default now(),
  completed_at timestamptz(3)
);
create index erasure_requested on erasure (requested_at);
create index erasure_open on erasure (requested_at) where completed_at is null;

create table erasure_part (
  erasure_id uuid not null references erasure (id),
  part text not null,
  done_at timestamptz(3),
  primary key (erasure_id, part)
);

create table second_factor (
  user_id uuid primary key,
  -- AES-256-GCM under SECOND_FACTOR_KEY.
  secret bytea not null,
  confirmed_at timestamptz(3),
  -- The time step of the last accepted code: neither it nor an earlier one is accepted again.
  last_step bigint not null default 0,
  failures integer not null default 0,
  last_failure_at timestamptz(3),
  created_at timestamptz(3) not null default now()
);

create table recovery_code (
  user_id uuid not null references second_factor (user_id) on delete cascade,
  code_hash bytea not null,
  used_at timestamptz(3),
  primary key (user_id, code_hash)
);

create table sign_in (
  id uuid primary key,
  user_id uuid not null,
  method text,
  outcome text not null,
  session_handle text,
  ip_address text not null,
  user_agent text not null,
  created_at timestamptz(3) not null default now(),
  last_used_at timestamptz(3) not null default now()
);
create index sign_in_newest on sign_in (user_id, created_at desc, id desc);
create unique index sign_in_session on sign_in (session_handle) where session_handle is not null;
create index sign_in_last_used on sign_in (last_used_at);

-- migrate:down
drop table sign_in;
drop table recovery_code;
drop table second_factor;
drop table erasure_part;
drop table erasure;
drop table account_action;
drop table released_username;
drop index profile_username_looks;
alter table profile
  drop column role,
  drop column status,
  drop column suspended_until,
  drop column status_reason,
  drop column status_changed_at,
  drop column dormant,
  drop column account_version;
