-- migrate:up
-- Service accounts that have, or had, webhooks. A row is the lock under which webhooks are made, and closed_at what keeps one that comes late out.
create table webhook_owner (
  account_id uuid primary key,
  closed_at timestamptz(3)
);

-- secret and previous_secret: AES-256-GCM under WEBHOOK_KEY. A row with deleted_at is there until its deliveries are gone.
create table webhook (
  id uuid primary key,
  account_id uuid not null,
  url text not null,
  events text[] not null,
  secret bytea not null,
  previous_secret bytea,
  previous_until timestamptz(3),
  state text not null default 'ACTIVE' check (state in ('ACTIVE', 'STOPPED')),
  stop_reason text check (stop_reason in ('BY_HAND', 'FAILING', 'GONE', 'BACKLOG')),
  failing_since timestamptz(3),
  created_at timestamptz(3) not null default now(),
  deleted_at timestamptz(3),
  check ((state = 'STOPPED') = (stop_reason is not null)),
  check ((previous_secret is null) = (previous_until is null))
);
create index webhook_of_account on webhook (account_id, created_at, id);

-- What a webhook is to be notified of, has been, or could not be. Whoever sends moves due_at behind the time that a try may take.
create table webhook_delivery (
  id uuid primary key,
  webhook_id uuid not null,
  event_id text not null,
  event text not null,
  payload jsonb not null,
  user_ids uuid[] not null,
  happened_at timestamptz(3) not null,
  state text not null default 'WAITING' check (state in ('WAITING', 'DELIVERED', 'FAILED')),
  tries integer not null default 0,
  due_at timestamptz(3),
  last_status integer,
  last_failure text check (last_failure in ('ADDRESS', 'UNREACHABLE', 'TLS', 'TIMEOUT', 'STATUS')),
  last_duration_ms integer,
  last_answer text,
  created_at timestamptz(3) not null default now(),
  check ((state = 'WAITING') = (due_at is not null)),
  unique (webhook_id, event_id)
) with (fillfactor = 80);
create index webhook_delivery_due on webhook_delivery (webhook_id, due_at) where state = 'WAITING';
create index webhook_delivery_listed on webhook_delivery (webhook_id, created_at, id);
create index webhook_delivery_created on webhook_delivery (created_at);
create index webhook_delivery_users on webhook_delivery using gin (user_ids);

-- Up to which number of the event log deliveries are written, in the log that was made then.
create table webhook_position (
  one boolean primary key default true check (one),
  log_made_at timestamptz(3) not null,
  sequence bigint not null
);

-- Who did what to a webhook: an administrator, or where that is null the service account itself.
create table webhook_action (
  id uuid primary key,
  administrator_id uuid,
  account_id uuid not null,
  webhook_id uuid not null,
  action text not null check (action in ('CREATE', 'UPDATE', 'ROTATE_SECRET', 'STOP', 'START', 'REPLAY', 'DELETE')),
  reason text,
  created_at timestamptz(3) not null default now()
);
create index webhook_action_of_account on webhook_action (account_id, created_at);

-- migrate:down
drop table webhook_action;
drop table webhook_position;
drop table webhook_delivery;
drop table webhook;
drop table webhook_owner;
