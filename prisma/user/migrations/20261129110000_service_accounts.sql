-- migrate:up
-- Other back ends that may ask us, each with what it may do.
create table service_account (
  id uuid primary key,
  name text not null,
  scopes text[] not null,
  created_at timestamptz(3) not null default now()
);

-- A key is 256 random bits, so its plain SHA-256 tells nobody what it is. One that is revoked is gone.
create table service_account_key (
  id uuid primary key,
  account_id uuid not null references service_account (id) on delete cascade,
  hash bytea not null unique,
  -- The last characters, by which people tell keys apart.
  ending text not null,
  created_at timestamptz(3) not null default now(),
  -- To the hour: a request writes nothing.
  last_used_at timestamptz(3)
);
create index service_account_key_account on service_account_key (account_id);

-- What administrators did to service accounts; kept when either is gone.
create table service_account_action (
  id uuid primary key,
  administrator_id uuid not null,
  account_id uuid not null,
  account_name text not null,
  key_id uuid,
  action text not null check (action in ('CREATE', 'CREATE_KEY', 'REVOKE_KEY', 'CLOSE')),
  reason text not null,
  created_at timestamptz(3) not null default now()
);
create index service_account_action_account on service_account_action (account_id, created_at desc);

-- migrate:down
drop table service_account_action;
drop table service_account_key;
drop table service_account;
