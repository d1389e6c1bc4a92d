-- migrate:up
create table outbox (
  id uuid primary key,
  subject text not null,
  payload jsonb not null,
  correlation_id text,
  created_at timestamptz(3) not null default now(),
  published_at timestamptz(3)
);
create index outbox_unpublished on outbox (id) where published_at is null;
create index outbox_published on outbox (published_at) where published_at is not null;

create table inbox (
  consumer text not null,
  event_id text not null,
  received_at timestamptz(3) not null default now(),
  primary key (consumer, event_id)
);
create index inbox_received on inbox (received_at);

create table idempotency_key (
  key text primary key,
  request_hash text not null,
  answer jsonb not null,
  created_at timestamptz(3) not null default now()
);
create index idempotency_key_created on idempotency_key (created_at);

-- migrate:down
drop table idempotency_key;
drop table inbox;
drop table outbox;
